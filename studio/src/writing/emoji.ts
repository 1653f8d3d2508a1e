/** Emoji that people write with, each by the words it is looked for. */
const LIST = `😀 smile happy grin|😄 laugh happy|😂 joy tears laugh|🙂 slight smile|😉 wink|😊 blush smile|😍 love heart eyes
😎 cool sunglasses|🤔 thinking hmm|😐 neutral|😕 confused|🙁 sad frown|😢 cry sad|😭 sob cry|😡 angry|😱 scream shock|😴 sleep
🤗 hug|🤝 handshake deal|🙏 thanks please pray|👋 wave hello bye|👍 thumbs up yes good|👎 thumbs down no bad|👌 ok|👏 clap
💪 strong muscle|👀 eyes look|🙌 hooray hands|✌️ peace|🤞 luck fingers crossed|👉 point right|👇 point down|❤️ heart love red
💙 heart blue|💚 heart green|💛 heart yellow|💔 broken heart|✨ sparkles|⭐ star|🔥 fire hot|🎉 party tada celebrate|🎁 gift present
🎂 cake birthday|🎈 balloon|🏆 trophy win|🥇 medal first|✅ check done yes|☑️ check box|❌ cross no wrong|⚠️ warning|❗ exclamation
❓ question|ℹ️ info|➡️ arrow right|⬅️ arrow left|⬇️ arrow down|⬆️ arrow up|🔄 refresh again|🔍 search find|🔗 link|🔒 lock secure
🔑 key|🔔 bell notify|📞 phone call|📱 mobile phone|💻 laptop computer|🖥️ desktop computer|⌨️ keyboard|🖨️ printer|📧 mail email
✉️ letter envelope mail|📦 package parcel delivery|🚚 truck delivery|📅 calendar date|⏰ alarm clock time|⏳ hourglass wait
🕐 clock time|📍 pin place map|🗺️ map|🏠 home house|🏢 office building|🏥 hospital|🏫 school|🏪 shop store|🛒 cart shop basket
💳 card pay credit|💰 money bag|💶 euro money|💵 dollar money|🧾 receipt bill|📄 page document|📎 paperclip attach|📝 note write
✏️ pencil edit|📚 books|📊 chart|📈 chart up|💡 idea bulb|🛠️ tools repair|🔧 wrench repair|⚙️ gear settings|🚗 car|🚲 bicycle bike
🚆 train|✈️ plane flight travel|🚀 rocket launch|☀️ sun|🌧️ rain|❄️ snow|🌈 rainbow|🌱 plant green|🌳 tree|🌸 flower|🐶 dog|🐱 cat
☕ coffee|🍵 tea|🍺 beer|🍷 wine|🍕 pizza|🍔 burger|🍎 apple|🍽️ restaurant eat|🤖 robot bot|👤 person user|👥 people team|👶 baby
🩺 doctor health|💊 pill medicine|⚽ football soccer|🎵 music|📷 camera photo|🎬 film video|🇪🇺 europe flag`;

export type Emoji = { readonly sign: string; readonly words: string };

const EMOJI: readonly Emoji[] = LIST.split(/[|\n]/).map((entry) => {
  const space = entry.indexOf(" ");
  return { sign: entry.slice(0, space), words: entry.slice(space + 1) };
});

/** The emoji whose words begin with what is sought, those first that begin with it themselves. */
export function emojiFor(words: string, most: number): Emoji[] {
  const wanted = words.toLowerCase();
  const begins = EMOJI.filter((emoji) => emoji.words.startsWith(wanted));
  const holds = EMOJI.filter((emoji) => !begins.includes(emoji) && emoji.words.includes(` ${wanted}`));
  return [...begins, ...holds].slice(0, most);
}
