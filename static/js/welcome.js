// The first questions: what the browser gives away is filled in and said in one line, to be changed.
const guessed = document.querySelector(".guessed");
const { time_zone: zone, week_start: week, units } = guessed.closest("form").elements;

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone.value === "UTC" && [...zone.options].some((option) => option.value === here)) {
  zone.value = here; // nobody has chosen one yet
}

function tell() {
  const inWords = (option) => (option.text ?? option.labels[0].textContent).trim();
  const [where, day] = [zone, week].map((select) => inWords(select.selectedOptions[0]));
  const length = inWords([...units].find((unit) => unit.checked));
  guessed.querySelector(".guess").textContent = `${where} time, weeks from ${day}, ${length}`;
}

guessed.addEventListener("change", tell);
tell();
guessed.open = guessed.querySelector("[aria-invalid=true]") !== null;
