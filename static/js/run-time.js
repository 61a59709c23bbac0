// Sets the colons of a time while its digits are typed: 10230 reads 1:02:30, and 45 is 45 minutes.
// So a keyboard of digits is enough. Whoever types colons is left alone.

const timeField = (event) => (event.target.name === "duration" ? event.target : null);

function withColons(digits) {
  if (digits.length < 3) return digits;
  const [minutes, seconds] = [digits.slice(0, -2), digits.slice(-2)];
  if (minutes.length < 3) return `${minutes}:${seconds}`;
  return `${minutes.slice(0, -2)}:${minutes.slice(-2)}:${seconds}`;
}

// Is it one digit more, or one less, at the end of what was set here?
function goesOn(value, before) {
  const digits = before.replaceAll(":", "");
  if (/\D/.test(digits) || before !== withColons(digits)) return false;
  return value === before.slice(0, -1) || (value.startsWith(before) && /^\d$/.test(value.slice(before.length)));
}

// In the capture phase: before the pace is worked out.
document.addEventListener(
  "input",
  (event) => {
    const field = timeField(event);
    if (!field) return;
    if (goesOn(field.value, field.dataset.before ?? "")) {
      const digits = field.value.replaceAll(":", "");
      if (digits.length <= 6) field.value = withColons(digits);
    }
    field.dataset.before = field.value;
  },
  true,
);

document.addEventListener("change", (event) => {
  const field = timeField(event);
  if (!field || !/^[1-9]\d?$/.test(field.value)) return;
  field.value = field.dataset.before = `${field.value}:00`;
});

function prepare() {
  const field = document.querySelector("[name=duration]");
  if (!field) return;
  field.inputMode = "numeric";
  field.dataset.before = field.value;
}

document.addEventListener("htmx:afterSettle", prepare);
prepare();
