// Guesses the time zone from the browser, while nobody has chosen one.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const select = document.querySelector("select[name=time_zone]");
if (select && select.value === "UTC" && [...select.options].some((o) => o.value === zone)) {
  select.value = zone;
}
