// Away from home: where this device's clock differs from the runner's own, one line offers to change it.
const line = document.getElementById("zone");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const KEPT = "zone-kept"; // what the runner said no to, on this device

function hour(timeZone) {
  return new Date().toLocaleString("en-GB", { timeZone, dateStyle: "short", timeStyle: "short" });
}

if (hour(here) !== hour(line.dataset.zone) && localStorage.getItem(KEPT) !== here) {
  line.querySelector(".here").textContent = here.replaceAll("_", " ");
  line.querySelector("[name=time_zone]").value = here;
  line.querySelector("[type=button]").addEventListener("click", () => {
    localStorage.setItem(KEPT, here);
    line.hidden = true;
  });
  line.hidden = false;
}
