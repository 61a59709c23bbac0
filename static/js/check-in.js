// Makes the check-in quick: what its buttons do by a request without this, they do at once.
// The words and colours come from the page; nothing is stored before Save.

const form = () => document.getElementById("check-in");
const panels = () => [...document.querySelectorAll("#spots > .spot")];
const panelsAt = (place) => panels().filter((panel) => panel.dataset.place === place);
const regionsAt = (place) => [...form().querySelectorAll(`[name=add][value="${place}"]`)];
const nameOf = (place) => regionsAt(place)[0].dataset.name;
const say = (words) => {
  document.getElementById("said").textContent = words;
};

// The button of a number, as its word and its colour.
function chosen(panel) {
  const input = panel.querySelector(".scale input:checked");
  if (!input) return { number: null, words: "choose a number", css: "here" };
  const label = input.nextElementSibling;
  const css = [...label.classList].find((name) => /^s\d$/.test(name));
  return { number: Number(input.value), words: label.textContent, css };
}

function show(panel) {
  panel.open = true;
  panel.querySelector("summary").focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
}

// The summary line says what is chosen inside.
function relabel(panel) {
  const { number, words, css } = chosen(panel);
  const kind = panel.querySelector("input[name$=-kind]:checked");
  const timing = panel.querySelector("input[name$=-timing]:checked");
  const pill = panel.querySelector("[data-part=pill]");
  pill.className = `pill ${css}`;
  if (number === null) {
    pill.textContent = words;
  } else {
    const whileOpen = document.createElement("span");
    whileOpen.className = "if-open";
    whileOpen.textContent = words.replace(/^\d+\s+/, "");
    const whileClosed = document.createElement("span");
    whileClosed.className = "if-closed";
    whileClosed.textContent = kind?.nextElementSibling.textContent ?? "";
    pill.replaceChildren(`${number} `, whileOpen, whileClosed);
  }
  panel.querySelector("[data-part=timing]").textContent =
    timing?.nextElementSibling.textContent ?? "";
}

// The regions of a place show the highest number of its spots.
function recolour(place) {
  const marks = panelsAt(place).map(chosen);
  const none = { number: null, words: "not marked", css: "rest" };
  const peak = marks.sort((a, b) => (b.number ?? -1) - (a.number ?? -1))[0] ?? none;
  for (const region of regionsAt(place)) {
    const shape = region.querySelector("path") ?? region;
    for (const name of [...shape.classList]) {
      if (/^(s\d|here|rest)$/.test(name)) shape.classList.remove(name);
    }
    shape.classList.add(peak.css);
    region.setAttribute("aria-label", `${region.dataset.name}, ${peak.words}`);
    region.setAttribute("aria-pressed", String(marks.length > 0));
  }
}

function freeNumber() {
  const taken = new Set(panels().map((panel) => Number(panel.dataset.number)));
  let number = 0;
  while (taken.has(number)) number += 1;
  return number;
}

// The usual time of the day, or the first other one that the place has no spot for.
function freeTiming(panel, place) {
  const taken = new Set(
    panelsAt(place).map((there) => there.querySelector("input[name$=-timing]:checked")?.value),
  );
  const inputs = [...panel.querySelectorAll("input[name$=-timing]")];
  const usual = inputs.find((input) => input.value === form().dataset.timing);
  return [usual, ...inputs].find((input) => !taken.has(input.value)) ?? usual;
}

function addSpot(place) {
  const blank = document.getElementById("blank-spot").content.firstElementChild;
  const panel = document.importNode(blank, true);
  const number = String(freeNumber());
  panel.dataset.number = number;
  panel.dataset.place = place;
  for (const element of panel.querySelectorAll("[name], [id], [for]")) {
    for (const attribute of ["name", "id", "for"]) {
      const text = element.getAttribute(attribute);
      if (text) element.setAttribute(attribute, text.replace("__n__", number));
    }
  }
  panel.querySelector("input[name$=-place]").value = place;
  panel.querySelector("[name=again]").value = place;
  panel.querySelector("[name=take_out]").value = number;
  for (const name of panel.querySelectorAll("[data-part=name]")) name.textContent = nameOf(place);
  freeTiming(panel, place).checked = true;
  for (const other of panels()) other.open = false;
  document.getElementById("spots").prepend(panel);
  relabel(panel);
  recolour(place);
  show(panel);
  say(`${nameOf(place)} added. Choose a number.`);
}

const isFull = () => panels().length >= Number(form().dataset.max);

// By the name of the button. False: let the server answer.
const steps = {
  add({ value: place }) {
    const there = panelsAt(place);
    if (!there.length) return steps.again({ value: place });
    // A second tap on a place with several spots goes on to the next of them.
    show(there[(there.findIndex((panel) => panel.open) + 1) % there.length]);
    return true;
  },
  again({ value: place }) {
    if (isFull()) return false;
    addSpot(place);
    return true;
  },
  take_out({ value: number }) {
    const panel = panels().find((there) => there.dataset.number === number);
    const place = panel.dataset.place;
    panel.remove();
    recolour(place);
    say(`${nameOf(place)} removed.`);
    regionsAt(place)[0].focus({ preventScroll: true });
    return true;
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("#check-in button[name]");
  if (button && steps[button.name]?.(button)) event.preventDefault();
});

document.addEventListener("change", (event) => {
  const panel = event.target.closest("#spots > .spot");
  if (!panel || event.target.matches("textarea")) return;
  relabel(panel);
  recolour(panel.dataset.place);
});

// Of the panels of one name only one is open. The form that htmx puts in comes before the old one
// goes: without this the old open panel would shut the new one.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.shouldSwap) return;
  for (const panel of panels()) panel.removeAttribute("name");
});

// What the browser kept in the fields over a reload stands on the map as well.
for (const panel of panels()) {
  relabel(panel);
  recolour(panel.dataset.place);
}
