// The phone's own level, for self-checks that measure an angle. It lies on the leg and cannot be tapped
// there, so it keeps what was held still for a second; a tap then writes that into the form. Whoever has
// no sensor types the result; nothing of what the sensor says is stored or sent.

const PATIENCE = 2000; // milliseconds until the sensor has to speak
const STILL = 1000; // milliseconds that an angle has to be held
const STEADY = 3; // degrees that a held leg may sway
const BY_HAND = "This device tells no angle here. Fill it in by hand below.";

const degrees = (radians) => (radians * 180) / Math.PI;
const sine = (angle) => Math.sin((angle * Math.PI) / 180);
const cosine = (angle) => Math.cos((angle * Math.PI) / 180);

// How far the phone's long edge stands above level, -90 to 90, whichever way it is rolled about it.
// The browser turns the phone about its short edge by beta, then about its long edge by gamma: "up"
// seen from the phone is (-cos beta sin gamma, sin beta, cos beta cos gamma).
const rise = (beta) => degrees(Math.asin(sine(beta)));

// How far a leg is lifted from lying flat, 0 to 180: past the upright the screen begins to face down.
function lifted(beta, gamma) {
  const angle = Math.abs(rise(beta));
  return cosine(beta) * cosine(gamma) < 0 ? 180 - angle : angle;
}

let running = null;

class Level {
  constructor(box) {
    this.within = Number(box.dataset.within); // degrees that count as level; 0: the number itself counts
    this.field = box.closest("form").elements[box.dataset.field];
    this.figure = box.querySelector(".figure-now");
    this.phase = box.querySelector(".phase");
    this.button = box.querySelector("button");
    this.label = box.querySelector(".label");
    this.atRest = this.label.textContent;
    this.shown = box.querySelectorAll(".clock, .how-to");
    this.voice = box.querySelector("[role=status]");
    this.button.addEventListener("click", () => (running === this ? this.take() : this.start()));
    box.hidden = false;
  }

  async start() {
    running?.end("");
    running = this;
    this.voice.textContent = "";
    // An iPhone asks its owner, and wants to be asked within the tap.
    const ask = DeviceOrientationEvent.requestPermission;
    const answer = ask ? await ask.call(DeviceOrientationEvent).catch(() => "denied") : "granted";
    if (running !== this) return;
    if (answer !== "granted") {
      this.end(BY_HAND);
      return;
    }
    [this.held, this.recent] = [null, []];
    this.show(null);
    this.label.textContent = "Take it";
    for (const part of this.shown) part.hidden = false;
    this.listen = (event) => this.read(event);
    addEventListener("deviceorientation", this.listen);
    this.waiting = setTimeout(() => this.end(BY_HAND), PATIENCE);
    navigator.wakeLock?.request("screen").then((lock) => this.keep(lock), () => {});
  }

  // The screen stays on for as long as it measures.
  keep(lock) {
    if (running === this) this.awake = lock;
    else lock.release();
  }

  read({ beta, gamma }) {
    if (beta === null || gamma === null) return; // how a device without the sensor answers
    clearTimeout(this.waiting);
    const [angle, now] = [this.within ? rise(beta) : lifted(beta, gamma), Date.now()];
    this.recent = [...this.recent.filter(({ at }) => now - at <= STILL), { angle, at: now }];
    const angles = this.recent.map((one) => one.angle);
    const [low, high] = [Math.min(...angles), Math.max(...angles)];
    if (now - this.recent[0].at >= STILL * 0.9 && high - low <= STEADY) this.hold((low + high) / 2);
    this.show(angle);
  }

  // Of a leg that is lifted the highest counts, of a thigh that hangs the latest.
  hold(angle) {
    if (!this.within && this.held !== null && angle <= this.held) return;
    this.held = angle;
  }

  show(angle) {
    this.figure.textContent = angle === null ? "–" : `${Math.round(Math.abs(angle))}°`;
    this.phase.textContent = this.held === null ? "hold still for a second" : `held: ${this.inWords()}`;
  }

  get result() {
    if (!this.within) return Math.round(this.held);
    if (Math.abs(this.held) <= this.within) return "level";
    return this.held < 0 ? "below" : "above";
  }

  inWords() {
    const unit = this.within ? (this.result === "level" ? "" : " level") : "°";
    return `${this.result}${unit}`;
  }

  take() {
    if (this.held === null) return;
    this.field.value = this.result;
    this.end(`Filled in below: ${this.inWords()}. Change it if that was not it.`);
  }

  end(words) {
    clearTimeout(this.waiting);
    removeEventListener("deviceorientation", this.listen);
    for (const part of this.shown) part.hidden = true;
    this.label.textContent = this.atRest;
    this.voice.textContent = words;
    this.awake?.release();
    this.awake = null;
    running = null;
  }
}

if ("DeviceOrientationEvent" in window) {
  for (const box of document.querySelectorAll(".level")) new Level(box);
}
