import { useEffect, useRef } from "preact/hooks";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";

const HEIGHT_PIXELS = 200;
const AXIS_PIXELS = 70;

export interface Line {
  readonly label: string;
  /** A custom property of the style sheet. */
  readonly color: string;
  readonly values: readonly number[];
}

interface Props {
  readonly title: string;
  /** Since 1970, ascending. */
  readonly seconds: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
}

/** Lines over time, in the colours of light or dark as they are now. */
export function Chart({ title, seconds, lines, format }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    let chart = draw(element);
    const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT_PIXELS }));
    resized.observe(element);
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const redraw = () => {
      chart.destroy();
      chart = draw(element);
    };
    dark.addEventListener("change", redraw);
    return () => {
      dark.removeEventListener("change", redraw);
      resized.disconnect();
      chart.destroy();
    };
  }, [seconds.join(), lines.map(({ values }) => values.join()).join(";")]);

  const latest = lines.map(({ label, values }) => `${label} ${format(values[values.length - 1] ?? 0)}`).join(", ");
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div ref={box} class="chart" role="img" aria-label={`${title}: ${latest} at the last of ${seconds.length} syncs`} />
    </figure>
  );

  function draw(element: HTMLElement): UPlot {
    const color = (name: string) => colorOf(element, name);
    const axis = { stroke: color("--quiet"), grid: { stroke: color("--line"), width: 1 }, ticks: { stroke: color("--line"), width: 1 } };
    return new UPlot(
      {
        width: element.clientWidth,
        height: HEIGHT_PIXELS,
        cursor: { drag: { x: false, y: false } },
        scales: { y: { range: (_chart, _least, most) => [0, Math.max(1, most * 1.1)] } },
        axes: [axis, { ...axis, size: AXIS_PIXELS, values: (_chart, values) => values.map(format) }],
        series: [
          {},
          ...lines.map(({ label, color: name }) => ({
            label,
            stroke: color(name),
            width: 2,
            points: { show: seconds.length < 40 },
            value: (_chart: UPlot, value: number | null) => (value === null ? "" : format(value)),
          })),
        ],
      },
      [[...seconds], ...lines.map(({ values }) => [...values])],
      element,
    );
  }
}

/** A canvas knows neither custom properties nor light and dark: an element that takes the colour has it worked out. */
function colorOf(element: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
