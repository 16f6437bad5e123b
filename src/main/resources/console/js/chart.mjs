// Reads single points of a chart with the pointer or the arrow keys, and redraws it.

const WIDTH = 600;
const SVG = "http://www.w3.org/2000/svg";

function read(figure, index) {
  const labels = figure.dataset.labels.split(";");
  const at = Math.max(0, Math.min(labels.length - 1, index));
  const lines = [...figure.querySelectorAll("path.line")];
  const texts = lines.map((line) => `${line.dataset.label} ${line.dataset.values.split(";")[at] ?? "–"}`);
  figure.querySelector("[data-reading]").textContent = `${labels[at]} UTC: ${texts.join(", ")}`;
  const x = labels.length < 2 ? 0 : (at * WIDTH) / (labels.length - 1);
  const cross = figure.querySelector(".cross");
  cross.setAttribute("x1", x);
  cross.setAttribute("x2", x);
  figure.point = at;
}

export function startCharts(root) {
  for (const figure of root.querySelectorAll("figure[data-chart]")) {
    const svg = figure.querySelector("svg");
    const count = () => figure.dataset.labels.split(";").length;
    svg.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      read(figure, Math.round(((event.clientX - box.x) / box.width) * (count() - 1)));
    });
    svg.addEventListener("keydown", (event) => {
      const from = figure.point ?? count() - 1;
      const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: count() - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      read(figure, to);
      svg.setAttribute("aria-label", figure.querySelector("[data-reading]").textContent);
    });
  }
}

export function updateChart(figure, chart) {
  const text = (selector, value) => (figure.querySelector(selector).textContent = value);
  text(".chart-now", chart.now);
  text(".sentence", chart.sentence);
  text(".axis-top", chart.top);
  text(".axis-half", chart.half);
  text(".axis-start", chart.start);
  text(".axis-end", `${chart.end} UTC`);
  figure.dataset.labels = chart.labels;
  const svg = figure.querySelector("svg");
  if (document.activeElement !== svg) svg.setAttribute("aria-label", chart.sentence);
  const lines = figure.querySelectorAll("path.line");
  const legend = figure.querySelectorAll(".legend b");
  chart.lines.forEach((line, i) => {
    lines[i]?.setAttribute("d", line.path);
    if (lines[i]) lines[i].dataset.values = line.values;
    if (legend[i]) legend[i].textContent = line.now;
  });
  figure.querySelector("path.area")?.setAttribute("d", chart.lines[0]?.area ?? "");
  const gaps = figure.querySelector(".gaps");
  gaps.replaceChildren(
    ...chart.gaps.map((gap) => {
      const rect = document.createElementNS(SVG, "rect");
      const fill = `url(#${gaps.dataset.fill})`;
      Object.entries({ x: gap.x, y: 0, width: gap.width, height: 160, fill }).forEach(([k, v]) => rect.setAttribute(k, v));
      return rect;
    }),
  );
}
