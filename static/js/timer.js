// Clocks of the self-checks and of exercises that are held: a stopwatch, a countdown, or a beat that
// counts repetitions. What a self-check's clock shows is written into its field; whoever has no clock
// here types the result.

const TICK = 100; // milliseconds between two looks at the clock
const LEAD = 5; // seconds to get into position
const SHORT = 10; // seconds; a countdown this short needs no time to get ready, nor a voice
const SAY_REPS = 5; // every so many repetitions are said aloud to a screen reader

let running = null;

function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

class Timer {
  constructor(box) {
    this.box = box;
    this.kind = box.dataset.kind;
    this.seconds = Number(box.dataset.seconds);
    this.figure = box.querySelector(".figure-now");
    this.phase = box.querySelector(".phase");
    this.atRest = this.phase.textContent;
    this.button = box.querySelector("button");
    this.label = this.button.firstChild;
    this.sound = box.querySelector("input");
    this.voice = box.querySelector("[role=status]");
    this.field = document.getElementById(box.dataset.fills);
    this.figure.textContent = this.kind === "beat" ? "0" : clock(this.kind === "down" ? this.seconds : 0);
    this.button.addEventListener("click", () => (running === this ? this.stop() : this.start()));
    box.style.setProperty("--beat", `${this.seconds}s`);
    box.hidden = false;
  }

  start() {
    running?.stop();
    running = this;
    this.lead = this.kind === "down" && this.seconds <= SHORT ? 0 : LEAD;
    // A clock that stops while the phone sleeps would give a wrong result: so the time of day.
    this.began = Date.now() + this.lead * 1000;
    this.count = -1;
    this.label.textContent = "Stop";
    this.say(this.lead ? `Get ready. It starts in ${this.lead} seconds.` : "Started.");
    this.ticking = setInterval(() => this.tick(), TICK);
    this.tick();
    navigator.wakeLock?.request("screen").then((lock) => this.keep(lock), () => {});
  }

  // The screen stays on for as long as the clock runs.
  keep(lock) {
    if (running === this) this.awake = lock;
    else lock.release();
  }

  tick() {
    const elapsed = (Date.now() - this.began) / 1000;
    if (elapsed < 0) {
      this.figure.textContent = Math.ceil(-elapsed);
      this.phase.textContent = "get ready";
      return;
    }
    if (!this.box.classList.contains("running")) {
      this.box.classList.add("running");
      this.beep(880);
    }
    this[this.kind](elapsed);
  }

  up(elapsed) {
    const held = Math.floor(elapsed);
    this.figure.textContent = clock(held);
    this.phase.textContent = "held";
    this.each(held, 15, `${held} seconds`);
  }

  down(elapsed) {
    const left = this.seconds - elapsed;
    this.figure.textContent = clock(left);
    this.phase.textContent = "left";
    if (left <= 0) {
      this.beep(660);
      this.end("Time is up.");
      return;
    }
    const whole = Math.ceil(left);
    if (this.seconds > SHORT && whole < this.seconds) {
      const minutes = Math.round(whole / 60);
      this.each(whole, this.seconds > 120 ? 300 : 10, whole > 90 ? `${minutes} minutes left` : `${whole} seconds left`);
    }
  }

  beat(elapsed) {
    const done = Math.floor(elapsed / this.seconds);
    this.figure.textContent = done;
    this.phase.textContent = elapsed % this.seconds < this.seconds / 2 ? "and go" : "and back";
    if (done !== this.count && done > 0) this.beep(440);
    this.each(done, SAY_REPS, `${done}`);
  }

  // Says something once, whenever the count comes to a multiple of `every`.
  each(count, every, words) {
    if (count === this.count) return;
    this.count = count;
    if (count > 0 && count % every === 0) this.say(words);
  }

  stop() {
    const elapsed = Math.max(0, (Date.now() - this.began) / 1000);
    const result = Math.floor(this.kind === "beat" ? elapsed / this.seconds : elapsed);
    const begun = this.box.classList.contains("running");
    if (!begun || this.kind === "down" || !this.field) {
      this.end("Stopped.");
      if (this.kind === "down") this.figure.textContent = clock(this.seconds);
      return;
    }
    this.field.value = result;
    this.figure.textContent = this.kind === "beat" ? result : clock(result);
    this.end(`Stopped at ${result}. It is written below: change it if you stopped earlier.`);
    this.phase.textContent = "written below";
  }

  end(words) {
    clearInterval(this.ticking);
    this.box.classList.remove("running");
    this.label.textContent = "Start";
    this.phase.textContent = words === "Stopped." ? this.atRest : words;
    this.say(words);
    this.awake?.release();
    this.awake = null;
    running = null;
  }

  beep(pitch) {
    if (this.sound.checked) globalThis.beep(pitch);
  }

  say(words) {
    this.voice.textContent = words;
  }
}

for (const box of document.querySelectorAll(".timer")) new Timer(box);
document.addEventListener("htmx:load", ({ target }) => {
  for (const box of target.querySelectorAll(".timer[hidden]")) new Timer(box);
});
document.querySelector(".do-check [aria-invalid=true]")?.focus();
