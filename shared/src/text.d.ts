/** Measures and normal forms of text, without any platform API. */
/** Length of `text` in UTF-8 bytes; a lone surrogate counts 3, as it is encoded as U+FFFD. */
export declare function utf8Length(text: string): number;
/** Size of a value as JSON in UTF-8 bytes. */
export declare const jsonBytes: (value: unknown) => number;
/** The form in which typed texts are compared: NFKC, case folded, white space joined and trimmed. */
export declare function comparableText(text: string): string;
/** The first `count` UTF-16 units of `text`, never cutting a character in two. */
export declare function firstUnits(text: string, count: number): string;
/** An id as the format reads it: a number is its decimal string. */
export declare const readId: (id: string | number) => string;
