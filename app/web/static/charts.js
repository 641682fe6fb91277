// Draws figure[data-chart] over the table that the server wrote; without it the table stands alone.
"use strict";

const INK = "#1c2430", LINE = "#d5dae1", FONT = '"Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
const SHADES = [
  { min: 1, max: 1, color: "#d3e7d8" }, { min: 2, max: 3, color: "#a6d0b1" },
  { min: 4, max: 6, color: "#6fb583" }, { min: 7, color: "#1d6b3a" },
];
const MARKS = {
  over: { word: "超", said: "超过时限仍无更新", color: "#f6c9c5", ink: "#b3261e" },
  doubt: { word: "疑", said: "间隔超过时限，未经查看证实", color: "#e4e8ed", ink: "#5a6572" },
  due: { word: "期", said: "最后期限（含当日）", color: "#fff", ink: INK, border: INK },
};
const CELL = 17, TOP = 24, LEFT = 92, BETWEEN = 40, WEEKS = 54;

function calendarOption(told) {
  const block = 7 * CELL + BETWEEN;
  const inside = ([first, last]) => (each) => each[0] >= first && each[0] <= last;
  const series = told.ranges.flatMap((range, at) => [
    {
      type: "heatmap", name: "count", coordinateSystem: "calendar", calendarIndex: at,
      data: told.counts.filter(inside(range)),
    },
    ...Object.entries(MARKS).map(([name, mark]) => ({
      type: "scatter", name, coordinateSystem: "calendar", calendarIndex: at, symbol: "rect",
      symbolSize: CELL - 2, data: told[name].map((day) => [day, 0]).filter(inside(range)),
      itemStyle: { color: mark.color, borderColor: mark.border, borderWidth: mark.border ? 2 : 0 },
      label: { show: true, formatter: mark.word, color: mark.ink, fontSize: 11, fontFamily: FONT },
    })),
  ]);
  return {
    animation: false,
    textStyle: { fontFamily: FONT, color: INK },
    // As text on the canvas: a tooltip of tags would need styles that the pages do not allow.
    tooltip: {
      renderMode: "richText",
      formatter: ({ seriesName, value }) =>
        `${value[0]}　${seriesName === "count" ? `${value[1]} 条` : MARKS[seriesName].said}`,
    },
    visualMap: {
      type: "piecewise", show: false, pieces: SHADES, dimension: 1,
      seriesIndex: told.ranges.map((_, at) => at * (1 + Object.keys(MARKS).length)),
    },
    calendar: told.ranges.map((range, at) => ({
      range, top: TOP + at * block, left: LEFT, cellSize: CELL,
      itemStyle: { color: "#fff", borderColor: LINE },
      splitLine: { lineStyle: { color: "#5a6572", width: 1 } },
      dayLabel: { firstDay: 1, nameMap: ["日", "一", "二", "三", "四", "五", "六"], color: INK },
      monthLabel: { nameMap: Array.from({ length: 12 }, (_, n) => `${n + 1}月`), color: INK },
      yearLabel: { formatter: range[0].slice(0, 7), fontSize: 13, color: INK, rotate: 0, margin: 34 },
    })),
    series,
  };
}

function drawCalendar(figure) {
  const told = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const place = figure.querySelector(".canvas"), grid = figure.querySelector(".grid");
  const sheet = place.appendChild(document.createElement("div"));
  const width = LEFT + WEEKS * CELL, height = TOP + told.ranges.length * (7 * CELL + BETWEEN);
  sheet.style.width = `${width}px`;
  sheet.style.height = `${height}px`;
  sheet.setAttribute("role", "img");
  sheet.setAttribute("aria-label", "更新日历图，内容与按月按日的表相同");
  place.hidden = false;
  echarts.init(sheet, null, { renderer: "canvas", width, height }).setOption(calendarOption(told));
  place.scrollLeft = place.scrollWidth; // of a narrow screen the present comes first
  // Only now does the table step back: to readers of the screen and in print it stays.
  figure.classList.add("drawn");
  grid.removeAttribute("tabindex");
}

for (const figure of document.querySelectorAll('figure[data-chart="calendar"]')) drawCalendar(figure);
