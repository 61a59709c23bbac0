// Sends what is chosen or dropped at once, part by part, and goes on by itself after a break. All files,
// one after the other, are one row of bytes; the server says which part of it is lacking. So the same
// files chosen again, in the same order whatever way they came, go on where they were.

const PAUSES_S = [1, 2, 4, 8, 15, 30, 60]; // between tries, longer and longer
const SILENT_MS = 60_000; // without a byte on its way the connection is taken for broken
const LONG_S = 120; // whoever is told to wait longer is told so, and tries again by hand
const LONGEST_NAME = 300; // letters; its end says what a file is
const KNOWN_AFTER_S = 3; // seconds until the time that is left can be told

const form = document.querySelector("[data-files]");
const card = document.getElementById("sending");
const place = form.querySelector(".place");
const problem = document.getElementById("problem");
const folder = document.getElementById("folder");
const part = (name) => card.querySelector(`[data-part=${name}]`);

class Passing extends Error {} // it may go well later
class Refused extends Error {} // it will not

let isSending = false;
let request = null;

// What is said

const spaced = (number) => number.toLocaleString("en-GB").replaceAll(",", "\u2009");

// As `file_size` of the pages.
function sizeOf(bytes) {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1).replace(".0", "")} GB`;
  return bytes < 1e7 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.round(bytes / 1e6)} MB`;
}

function say(words) {
  if (part("said").textContent !== words) part("said").textContent = words;
}

// The bar while it is sent, the field to choose files otherwise; both where it cannot go on by itself.
function show({ bar, field }) {
  isSending = bar && !field;
  card.hidden = !bar;
  form.hidden = !field;
  document.getElementById("broken-off")?.toggleAttribute("hidden", bar);
  if (isSending) card.focus();
}

// Asking the server

const tokens = Object.entries(JSON.parse(document.body.getAttribute("hx-headers")));

function ask(method, address, body, onSent = () => {}) {
  return new Promise((resolve, reject) => {
    let silence;
    const wait = () => {
      clearTimeout(silence);
      silence = setTimeout(() => request.abort(), SILENT_MS);
    };
    const broken = () => reject(new Passing(card.dataset.offline));
    request = new XMLHttpRequest();
    request.open(method, address);
    // As htmx does: what else answers, such as the sign-in, then answers for a script.
    for (const [name, value] of [...tokens, ["HX-Request", "true"]]) request.setRequestHeader(name, value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = ({ loaded }) => {
      wait();
      onSent(loaded);
    };
    request.onerror = request.onabort = broken;
    request.onload = ({ target }) => {
      const elsewhere = target.getResponseHeader("HX-Redirect");
      if (elsewhere) {
        leaveFor(elsewhere);
        return;
      }
      try {
        resolve(read(target));
      } catch (problem) {
        reject(problem);
      }
    };
    request.onloadend = () => clearTimeout(silence);
    wait();
    request.send(body);
  });
}

// How far it is, in the lines that `upload_views.py` writes.
function read(answer) {
  if (answer.status === 200) {
    const [address, size, lacking, there] = answer.responseText.split("\n");
    return { address, size: Number(size), lacking: lacking && Number(lacking), there: Number(there) };
  }
  const isSentence = answer.getResponseHeader("Content-Type")?.startsWith("text/plain");
  const words = isSentence ? answer.responseText : card.dataset.failed;
  const wait = Number(answer.getResponseHeader("Retry-After"));
  const passes = answer.status >= 500 || (answer.status === 429 && wait < LONG_S);
  throw Object.assign(new (passes ? Passing : Refused)(words), { wait });
}

function leaveFor(address) {
  isSending = false;
  location.assign(address);
}

// Sending

// The bytes of a part, of one file or of many. A file that was moved or changed cannot be read.
async function bytesOf(files, from, to) {
  const pieces = [];
  let start = 0;
  for (const { file } of files) {
    const end = start + file.size;
    if (end > from && start < to) pieces.push(file.slice(Math.max(0, from - start), to - start));
    start = end;
  }
  try {
    return await new Blob(pieces).arrayBuffer();
  } catch {
    throw new Refused(card.dataset.unreadable);
  }
}

// Until then, or until the browser is online again.
function pause(seconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    addEventListener("online", () => resolve(clearTimeout(timer)), { once: true });
  });
}

async function sendAll(files) {
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  const list = files.map(({ file, name }) => `${file.size}\t${name}`).join("\n");
  const bar = barOf(size);
  let far = null;
  let isCertain = true; // what was sent has been answered
  let breaks = 0;
  while (isSending && far?.lacking !== "") {
    try {
      if (!far) {
        const keep = form.elements.keep.checked ? "?keep=on" : "";
        far = await ask("POST", `${form.dataset.begin}${keep}`, list);
        part("drop").action = `${far.address}drop/`;
      } else if (!isCertain) {
        far = await ask("GET", `${far.address}sent/`);
      } else {
        const from = far.lacking * far.size;
        const data = await bytesOf(files, from, Math.min(from + far.size, size));
        const { there } = far;
        far = await ask("POST", `${far.address}parts/${far.lacking}/`, data, (sent) => bar(there + sent));
        breaks = 0;
        say("");
      }
      isCertain = true;
      bar(far.there);
    } catch (problem) {
      if (!(problem instanceof Passing)) throw Object.assign(problem, { hasBegun: far !== null });
      if (!isSending) return;
      isCertain = false;
      say(problem.message);
      await pause(problem.wait || PAUSES_S[Math.min(breaks, PAUSES_S.length - 1)]);
      breaks += 1;
    }
  }
  if (isSending) leaveFor(far.address);
}

// Shows how much is there, and how long the rest may take by what was sent so far.
function barOf(size) {
  let first = null;
  part("bar").max = size || 1;
  part("size").textContent = sizeOf(size);
  part("left").textContent = "";
  return (there) => {
    const now = performance.now() / 1000;
    first ??= { there, at: now };
    part("bar").value = there;
    part("there").textContent = sizeOf(there);
    const passed = now - first.at;
    if (passed < KNOWN_AFTER_S || there <= first.there) return;
    const minutes = (passed * (size - there)) / (there - first.there) / 60;
    part("left").textContent = `about ${spaced(Math.max(1, Math.round(minutes)))} min left`;
  };
}

async function begin(files) {
  if (isSending || !files.length) return;
  files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.file.size - b.file.size));
  document.querySelector(".head .sub").textContent =
    `${spaced(files.length)} file${files.length === 1 ? "" : "s"} chosen`;
  problem.textContent = "";
  say("");
  part("there").textContent = sizeOf(0);
  part("bar").value = 0;
  show({ bar: true, field: false });
  try {
    await sendAll(files);
  } catch (refusal) {
    if (!(refusal instanceof Refused)) throw refusal;
    show({ bar: refusal.hasBegun, field: true });
    problem.textContent = refusal.message;
    form.elements.files.focus();
  }
}

// Choosing

// One more than may come is enough for the server to say so.
const most = Number(form.dataset.most) + 1;
const named = (file, way = file.webkitRelativePath || file.name) => ({
  file,
  name: way.replace(/[\n\t]/g, " ").slice(-LONGEST_NAME),
});

function chosen({ target: input }) {
  const files = [...input.files].slice(0, most).map((file) => named(file));
  input.value = ""; // so that the same ones can be chosen again
  begin(files);
}

const promised = (call) => new Promise(call);

// A folder gives its entries some at a time.
async function collect(entry, found) {
  if (found.length >= most) return;
  if (entry.isFile) {
    const file = await promised((resolve, reject) => entry.file(resolve, reject));
    found.push(named(file, entry.fullPath.slice(1)));
    return;
  }
  const reader = entry.createReader();
  let some;
  do {
    some = await promised((resolve, reject) => reader.readEntries(resolve, reject));
    for (const inner of some) await collect(inner, found);
  } while (some.length);
}

async function dropped(entries) {
  const found = [];
  try {
    for (const entry of entries) await collect(entry, found);
  } catch {
    problem.textContent = card.dataset.unreadable;
    return;
  }
  begin(found);
}

const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

// Wherever on the page: a browser would open the file instead.
document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  place.classList.add("over");
});
document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (!relatedTarget) place.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  place.classList.remove("over");
  dropped([...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean));
});

// The page

part("drop").addEventListener("submit", (event) => {
  isSending = false;
  request?.abort();
  if (event.target.hasAttribute("action")) return;
  event.preventDefault(); // nobody has answered yet: the page knows whether anything was begun
  location.reload();
});
addEventListener("beforeunload", (event) => {
  if (isSending) event.preventDefault();
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload(); // as it was left: what it began has gone on
});

for (const quick of document.querySelectorAll("[data-quick]")) quick.hidden = false;
folder.closest("label").hidden = !("webkitdirectory" in folder);
form.querySelector("button").hidden = true; // it starts at once
for (const input of [form.elements.files, folder]) {
  input.addEventListener("change", chosen);
  chosen({ target: input }); // before this script was here
}
