// Reads a week of the chart: pointer, finger or arrow keys. What it reads stands in the table.

const parts = (plot) => {
  const charted = plot.closest(".charted");
  const table = charted.querySelector("table.figures");
  return {
    heads: table.tHead.rows[0].cells,
    rows: table.tBodies[0].rows,
    read: charted.querySelector("[data-read]"),
  };
};

function pair(name, value) {
  const [dt, dd] = ["dt", "dd"].map((tag) => document.createElement(tag));
  [dt.textContent, dd.textContent] = [name, value];
  return [dt, dd];
}

function show(plot, at) {
  const { heads, rows, read } = parts(plot);
  plot.dataset.at = at;
  for (const svg of plot.children) {
    [...svg.querySelectorAll(".week")].forEach((week, i) => week.classList.toggle("on", i === at));
  }
  const [week, ...cells] = rows[at].cells;
  const words = [...week.childNodes].map((node) => node.textContent.trim());
  read.querySelector(".sub").textContent = words.filter(Boolean).join(", ");
  let column = 1;
  read.querySelector("dl").replaceChildren(
    ...cells.flatMap((cell) => {
      const name = heads[column].textContent;
      column += cell.colSpan;
      return pair(name, cell.textContent);
    }),
  );
  read.classList.add("has-week");
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
    const { rows, read } = parts(plot);
    read.hidden = false;
    if (read.checkVisibility()) show(plot, rows.length - 1);
    read.querySelector("div").ariaLive = "polite"; // from now on: what is there at first is not read out
  }
  for (const box of target.querySelectorAll("[data-newest]")) box.scrollLeft = box.scrollWidth;
});
