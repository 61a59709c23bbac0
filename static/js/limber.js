// What every page shares: a form is sent once, and a failed htmx request says so.

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
  document.getElementById("add")?.hidePopover?.();
}

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
  say(answer.status === 503 && isSentence ? answer.responseText : words);
});
