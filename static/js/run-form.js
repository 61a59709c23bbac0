// Works out the pace while a run is typed, and lets a file be dropped anywhere on the page.

// The parts of what was typed, by the patterns that the server reads it with; null for anything else.
function partsOf(input, pattern = input.dataset.pattern) {
  return new RegExp(`^(?:${pattern})$`).exec(input.value.toLowerCase().replace(/\s/g, ""));
}

function metres(input) {
  const [, figure, unit] = partsOf(input) ?? [];
  if (!figure) return null;
  const perUnit = { k: 1000, m: 1609.344 }[unit?.[0]] ?? input.dataset.metresPerUnit;
  return Number(figure.replace(",", ".")) * perUnit || null;
}

// `1:10` is an hour and ten minutes where the distance is no slower than a stroll by that.
function seconds(input, distance) {
  const clock = partsOf(input);
  const parts = clock ?? partsOf(input, input.dataset.inWords);
  if (!parts) return null;
  const [hours, minutes, rest] = parts.slice(1).map((part) => Number(part ?? 0));
  const last = Number(input.dataset.lastOfSixty);
  if (rest > last || (parts[1] && minutes > last)) return null;
  const duration = hours * 3600 + minutes * 60 + rest || null;
  const isPair = clock && !clock[1] && clock[3];
  return isPair && distance / (duration * 60) >= input.dataset.slowest ? duration * 60 : duration;
}

function inWords(duration) {
  const hours = Math.floor(duration / 3600);
  const minutes = Math.floor(duration / 60) % 60;
  const rest = duration % 60;
  const parts = [hours && `${hours} h`, minutes && `${minutes} min`, rest && `${rest} s`];
  return parts.filter(Boolean).join(" ");
}

function paceOf(duration, distance, metresPerUnit, units) {
  const pace = Math.round((duration / distance) * metresPerUnit);
  return `${Math.floor(pace / 60)}:${String(pace % 60).padStart(2, "0")} /${units}`;
}

function showPace() {
  const output = document.querySelector(".pace");
  if (!output) return;
  const units = output.dataset.units;
  const typedDistance = document.querySelector("[name=distance]");
  const distance = metres(typedDistance);
  const duration = seconds(document.querySelector("[name=duration]"), distance);
  if (!duration) output.value = "";
  else if (!distance) output.value = inWords(duration);
  else {
    const pace = paceOf(duration, distance, typedDistance.dataset.metresPerUnit, units);
    output.value = `${pace} · ${inWords(duration)}`;
  }
}

// What is wrong, else what a file has said: both may stand out of sight.
function showFirst() {
  const form = document.querySelector(".run-form");
  (form?.querySelector("[aria-invalid=true]") ?? form?.querySelector(".facts"))?.focus();
}

const spoken = { weekday: "short", day: "numeric", month: "short" };

function showDay(input) {
  const day = input.valueAsDate;
  if (!day) return;
  const words = day.toLocaleDateString("en-GB", { ...spoken, timeZone: "UTC" }).replace(",", "");
  input.form.querySelector("[data-day]").textContent = words;
}

document.addEventListener("input", (event) => {
  showPace();
  if (event.target.name === "day") showDay(event.target);
});
document.addEventListener("htmx:afterSettle", () => {
  showPace();
  showFirst();
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
showFirst();
