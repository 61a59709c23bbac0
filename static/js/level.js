// The phone's own level, for self-checks that measure an angle. It is a self-timer: whoever is alone
// taps, lies down and holds the leg; when the time is up the angle is taken and a tone says so. A helper
// may take it sooner. What the sensor says goes into the form, where it can be changed, and nowhere else.

const LEAD = 15; // seconds to get into position
const PATIENCE = 2000; // milliseconds until the sensor has to speak
const LOOK = 1000; // milliseconds before the tone that the angle is the mean of
const STEADY = 6; // degrees that a held leg may sway in them
const BY_HAND = "This device tells no angle here. Fill it in by hand below.";
const MOVED = "The phone moved as it was read. Try once more, or fill it in by hand below.";

let running = null;

class Level {
  constructor(box) {
    this.within = Number(box.dataset.within); // degrees that count as level; 0: the number itself counts
    this.field = box.closest("form").elements[box.dataset.field];
    this.figure = box.querySelector(".figure-now");
    this.phase = box.querySelector(".phase");
    this.resting = box.querySelector(".resting");
    this.measuring = box.querySelector(".measuring");
    this.voice = box.querySelector("[role=status]");
    this.begin = this.resting.querySelector("button");
    this.begin.addEventListener("click", () => this.start());
    this.measuring.querySelector(".take").addEventListener("click", () => this.angle !== null && this.take());
    this.measuring.querySelector(".stop").addEventListener("click", () => this.end("Stopped.", true));
    box.hidden = false;
  }

  async start() {
    running?.end("");
    running = this;
    this.voice.textContent = "";
    globalThis.beep(880);
    // An iPhone asks its owner, and wants to be asked within the tap.
    const ask = DeviceOrientationEvent.requestPermission;
    const answer = ask ? await ask.call(DeviceOrientationEvent).catch(() => "denied") : "granted";
    if (running !== this) return;
    if (answer !== "granted") {
      this.end(BY_HAND, true);
      return;
    }
    [this.angle, this.recent] = [null, []];
    this.due = Date.now() + LEAD * 1000;
    this.measuring.hidden = false;
    this.resting.hidden = true;
    this.measuring.querySelector(".take").focus();
    this.show();
    this.listen = (event) => this.read(event);
    addEventListener("deviceorientation", this.listen);
    this.ticking = setInterval(() => this.tick(), 100);
    this.waiting = setTimeout(() => this.end(BY_HAND, true), PATIENCE);
    navigator.wakeLock?.request("screen").then((lock) => this.keep(lock), () => {});
  }

  // The screen stays on for as long as it measures.
  keep(lock) {
    if (running === this) this.awake = lock;
    else lock.release();
  }

  // `beta` is how far the phone's long edge stands above level, and beyond 90 the screen faces down:
  // -180 to 180, whichever way the phone is rolled about that edge.
  read({ beta }) {
    if (beta === null) return; // how a device without the sensor answers
    clearTimeout(this.waiting);
    this.angle = this.within ? beta : Math.abs(beta);
  }

  tick() {
    const now = Date.now();
    if (this.angle !== null) this.recent.push({ angle: this.angle, at: now });
    this.recent = this.recent.filter(({ at }) => now - at <= LOOK);
    this.show();
    if (now >= this.due) this.timeIsUp();
  }

  timeIsUp() {
    const angles = this.recent.map(({ angle }) => angle);
    if (Math.max(...angles) - Math.min(...angles) > STEADY) {
      this.sound();
      this.end(MOVED, true);
      return;
    }
    this.angle = angles.reduce((sum, angle) => sum + angle, 0) / angles.length;
    this.take();
  }

  show() {
    this.figure.textContent = this.angle === null ? "–" : `${Math.round(Math.abs(this.angle))}°`;
    this.phase.textContent = `taken in ${Math.max(0, Math.ceil((this.due - Date.now()) / 1000))} s`;
  }

  get result() {
    if (!this.within) return Math.round(this.angle);
    if (Math.abs(this.angle) <= this.within) return "level";
    return this.angle < 0 ? "below" : "above";
  }

  take() {
    const [result, hadFocus] = [this.result, this.measuring.contains(document.activeElement)];
    this.field.value = result;
    this.sound();
    const words = this.within ? (result === "level" ? "level" : `${result} level`) : `${result}°`;
    this.end(`Filled in below: ${words}. Change it if that was not it.`, hadFocus);
  }

  sound() {
    globalThis.beep(660);
    navigator.vibrate?.(400);
  }

  end(words, takesFocus = false) {
    clearTimeout(this.waiting);
    clearInterval(this.ticking);
    removeEventListener("deviceorientation", this.listen);
    this.measuring.hidden = true;
    this.resting.hidden = false;
    this.voice.textContent = words;
    if (takesFocus) this.begin.focus();
    this.awake?.release();
    this.awake = null;
    running = null;
  }
}

if ("DeviceOrientationEvent" in window) {
  for (const box of document.querySelectorAll(".level")) new Level(box);
}
