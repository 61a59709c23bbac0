// Keeps the roster up to date while somebody looks at it: asks for the same page again every
// minute, and at once when the page comes back after longer than that.

const EVERY_MS = 60_000;
let updatedAt = Date.now();
let shown = "";
let tag = null; // of what is shown; no page of a person lies in the browser's own cache
let place = null;

const again = () => document.getElementById("again");
const isAnswerOf = (event) => event.detail.target?.id === "roster";

function clock() {
  const timeZone = document.getElementById("updated").dataset.zone;
  return new Date().toLocaleTimeString("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
}

function refreshIfDue() {
  if (document.visibilityState !== "visible" || Date.now() - updatedAt < EVERY_MS) return;
  updatedAt = Date.now(); // the next one a minute from now, whether this one gets through or not
  again()?.dispatchEvent(new Event("refresh"));
}

setInterval(refreshIfDue, 1000);
document.addEventListener("visibilitychange", refreshIfDue);

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.id === "again" && tag) event.detail.headers["If-None-Match"] = tag;
});

// An update of its own takes nothing away: what has not changed is left as it is, and where the
// focus is put back on a line, the page does not scroll to it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isAnswerOf(event) || event.detail.xhr.status === 304) return;
  const { serverResponse, requestConfig } = event.detail;
  const isUpdate = requestConfig.elt.id === "again";
  if (isUpdate && serverResponse === shown) event.detail.shouldSwap = false;
  shown = serverResponse;
  place = isUpdate ? scrollY : null;
});

document.addEventListener("htmx:afterSwap", () => {
  if (place !== null) scrollTo({ top: place, behavior: "instant" });
  place = null;
});

document.addEventListener("htmx:afterRequest", (event) => {
  const stamp = document.getElementById("updated");
  if (!stamp || !isAnswerOf(event) || !event.detail.successful) return;
  tag = event.detail.xhr.getResponseHeader("ETag");
  updatedAt = Date.now();
  stamp.textContent = clock();
});

// An update that nobody asked for fails quietly: the old time under the list says enough.
for (const failure of ["htmx:sendError", "htmx:responseError"]) {
  window.addEventListener(
    failure,
    (event) => {
      if (event.target.id === "again") event.stopPropagation();
    },
    { capture: true },
  );
}
