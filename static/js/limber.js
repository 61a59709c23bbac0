// What every page shares: a form is sent once, "None of these" stands alone, what changed is spoken
// and gets the focus, and a failed htmx request says so.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});

// A page that comes back from the browser's memory may be sent again, and begins with its menu closed.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  closeMenu();
});

// To a place of the same page: the menu that led there is in the way.
window.addEventListener("hashchange", closeMenu);

function closeMenu() {
  document.getElementById("add-menu")?.hidePopover?.();
}

// "None of these" and the other boxes of its list untick each other.
document.addEventListener("change", ({ target }) => {
  const none = target.dataset.none;
  if (!none || !target.checked) return;
  for (const other of target.form.elements[target.name]) {
    if ((other.value === none) !== (target.value === none)) other.checked = false;
  }
});

// A page that comes after a form begins with the first mistake, or with what was saved.
function land(part) {
  if (document.activeElement !== document.body || part.querySelector("[autofocus]")) return;
  const mistake = part.querySelector(".errorlist.nonfield, [aria-invalid=true]");
  focusOn(mistake ?? part.querySelector(".notice"));
}

function focusOn(element) {
  if (element?.matches(".errorlist, .notice")) element.tabIndex = -1;
  element?.focus();
}

// A live region has to be there before its words. They are those of the part that htmx put in,
// where it has some to say (data-say).
const voice = document.createElement("p");
voice.className = "sr";
voice.setAttribute("role", "status");
document.querySelector("main").append(voice);

let lostFocus = false;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  lostFocus = detail.target.contains(document.activeElement);
});
document.addEventListener("htmx:afterSettle", ({ detail: { elt } }) => {
  const news = elt.matches("[data-say]") ? elt : elt.querySelector("[data-say]");
  if (news) voice.textContent = news.dataset.say || news.textContent.replace(/\s+/g, " ").trim();
  if (!lostFocus || document.activeElement !== document.body) return;
  if (news?.tabIndex === -1) news.focus();
  land(elt);
});

land(document.querySelector("main"));

function say(words) {
  const notice = document.createElement("div");
  notice.className = "notice error";
  notice.setAttribute("role", "alert");
  notice.textContent = words;
  document.querySelector("main").prepend(notice);
  notice.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:afterRequest", (event) => {
  delete event.target.dataset?.sent;
});
document.addEventListener("htmx:sendError", () => {
  say("No connection. What you typed is still here: try again in a moment.");
});
document.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr;
  const isSentence = answer.getResponseHeader("Content-Type")?.startsWith("text/plain");
  const words = "That did not work. What you typed is still here: try again in a moment.";
  const id = answer.status === 500 ? answer.getResponseHeader("X-Request-ID") : "";
  const named = id ? ` If you write to us about it, name ${id}.` : "";
  say(answer.status === 503 && isSentence ? answer.responseText : words + named);
});
