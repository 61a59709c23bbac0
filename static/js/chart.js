// Reads out a week of the chart: pointer, finger or arrow keys. The words are those of the table.

const parts = (plot) => {
  const card = plot.closest(".card");
  return { rows: [...card.querySelectorAll("[data-spoken]")], out: card.querySelector("[data-readout]") };
};

function show(plot, at) {
  const { rows, out } = parts(plot);
  plot.dataset.at = at;
  for (const svg of plot.children) {
    [...svg.querySelectorAll(".week")].forEach((week, i) => week.classList.toggle("on", i === at));
  }
  out.textContent = rows[at].dataset.spoken;
}

function point(event) {
  const week = event.target.closest?.("[data-chart] .week");
  if (!week) return;
  const at = [...week.parentNode.querySelectorAll(".week")].indexOf(week);
  const plot = week.closest("[data-chart]");
  if (Number(plot.dataset.at ?? -1) !== at) show(plot, at);
}
document.addEventListener("pointerover", point);
document.addEventListener("pointerdown", point);

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-chart]")) return;
  const last = parts(event.target).rows.length - 1;
  const from = Number(event.target.dataset.at ?? last + 1);
  const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  show(event.target, Math.min(last, Math.max(0, to)));
});

// On the first page and in every piece that htmx puts in.
document.addEventListener("htmx:load", ({ target }) => {
  for (const plot of target.querySelectorAll("[data-chart]")) {
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", "Chart. The arrow keys read out a week.");
    parts(plot).out.textContent = "Point at a week, or use the arrow keys, to read it here.";
  }
  for (const box of target.querySelectorAll("[data-newest]")) box.scrollLeft = box.scrollWidth;
});
