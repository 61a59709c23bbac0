// What every page shares: a form is sent once, "None of these" stands alone, and a failed htmx
// request says so.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// "None of these" and the other boxes of its list untick each other.
document.addEventListener("change", ({ target }) => {
  const none = target.dataset.none;
  if (!none || !target.checked) return;
  for (const other of target.form.elements[target.name]) {
    if ((other.value === none) !== (target.value === none)) other.checked = false;
  }
});

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
