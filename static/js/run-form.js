// Works out the pace while a run is typed, and lets a file be dropped anywhere on the page.

const METRES_PER_MILE = 1609.344;

function metres(text, units) {
  const value = Number(text.trim().replace(",", "."));
  return value > 0 ? value * (units === "mi" ? METRES_PER_MILE : 1000) : null;
}

// `45`, `45:00` or `1:02:30`, as the server reads it; null for anything else.
function seconds(text) {
  const parts = /^(?:(\d{1,3}):(?=\d+:))?(\d{1,4})(?::(\d\d))?$/.exec(text.replaceAll(" ", ""));
  if (!parts) return null;
  const [hours, minutes, rest] = parts.slice(1).map((part) => Number(part ?? 0));
  if (rest > 59 || (parts[1] && minutes > 59)) return null;
  return hours * 3600 + minutes * 60 + rest || null;
}

function inWords(duration) {
  const hours = Math.floor(duration / 3600);
  const minutes = Math.floor(duration / 60) % 60;
  const rest = duration % 60;
  const parts = [hours && `${hours} h`, minutes && `${minutes} min`, rest && `${rest} s`];
  return parts.filter(Boolean).join(" ");
}

function paceOf(duration, distance, units) {
  const pace = Math.round((duration / distance) * (units === "mi" ? METRES_PER_MILE : 1000));
  return `${Math.floor(pace / 60)}:${String(pace % 60).padStart(2, "0")} /${units}`;
}

function showPace() {
  const output = document.querySelector(".pace");
  if (!output) return;
  const units = output.dataset.units;
  const duration = seconds(document.querySelector("[name=duration]").value);
  const distance = metres(document.querySelector("[name=distance]").value, units);
  if (!duration) output.value = "";
  else if (!distance) output.value = inWords(duration);
  else output.value = `${paceOf(duration, distance, units)} · ${inWords(duration)}`;
}

function showFirstMistake() {
  document.querySelector(".run-form [aria-invalid=true]")?.focus();
}

document.addEventListener("input", showPace);
document.addEventListener("htmx:afterSettle", () => {
  showPace();
  showFirstMistake();
});

const dropArea = () => document.querySelector(".drop");

document.addEventListener("dragover", (event) => {
  if (!dropArea() || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  dropArea().classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) dropArea()?.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  if (!dropArea() || !event.dataTransfer.files.length) return;
  event.preventDefault();
  dropArea().classList.remove("over");
  const input = dropArea().querySelector("input");
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

showPace();
showFirstMistake();
