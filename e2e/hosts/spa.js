// A router as frameworks have them: each view is a new body.
const views = {
  "/home": "<h1>Home</h1><a href='/help'>Help</a>",
  "/help": "<h1>Help</h1><a href='/home'>Home</a><div id='place'></div>",
};

function show(path) {
  const body = document.createElement("body");
  body.innerHTML = views[path] ?? views["/home"];
  document.body.replaceWith(body);
  document.title = path;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='/']");
  if (!link) return;
  event.preventDefault();
  history.pushState(null, "", link.getAttribute("href"));
  show(location.pathname);
});
addEventListener("popstate", () => show(location.pathname));
show(location.pathname);
