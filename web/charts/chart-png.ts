/** Pixels a CSS pixel in a saved picture. */
const SCALE = 2;
const MARGIN = 24;

/** Draws a plot on the page (canvas, shapes, marks and text as they stand) into a PNG and saves it. */
export function savePlotAsPng(figure: Element | null, title: string): void {
  const plot = figure?.querySelector('.plot');
  const area = plot?.querySelector('.plot-area');
  if (!figure || !plot || !area) return;
  const box = figure.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.width = (box.width + 2 * MARGIN) * SCALE;
  canvas.height = (box.height + 2 * MARGIN) * SCALE;
  const context = canvas.getContext('2d');
  if (!context) return;
  const styles = getComputedStyle(document.documentElement);
  context.fillStyle = styles.getPropertyValue('--paper');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(SCALE, SCALE);
  context.translate(MARGIN - box.left, MARGIN - box.top);
  drawRules(context, plot, styles.getPropertyValue('--hairline'));
  const cloud = area.querySelector('canvas');
  const inner = area.getBoundingClientRect();
  if (cloud) context.drawImage(cloud, inner.left, inner.top, inner.width, inner.height);
  drawShapes(context, area, inner);
  for (const mark of area.querySelectorAll('.plot-mark')) drawMark(context, mark);
  for (const arrow of plot.querySelectorAll<SVGPathElement>('.plot-better path')) drawArrow(context, arrow);
  drawText(context, figure);
  canvas.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${title.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}

function drawRules(context: CanvasRenderingContext2D, plot: Element, colour: string): void {
  context.fillStyle = colour;
  for (const row of plot.querySelectorAll('.plot-row')) {
    const { left, top, width } = row.getBoundingClientRect();
    context.fillRect(left, top, width, 1);
  }
}

function drawShapes(context: CanvasRenderingContext2D, area: Element, inner: DOMRect): void {
  context.save();
  context.beginPath();
  context.rect(inner.left, inner.top, inner.width, inner.height);
  context.clip();
  const stretch = new DOMMatrix()
    .translate(inner.left, inner.top)
    .scale(inner.width / 1000, inner.height / 1000);
  for (const shape of area.querySelectorAll<SVGPathElement>('.plot-shapes path')) {
    const path = new Path2D();
    path.addPath(new Path2D(shape.getAttribute('d') ?? ''), stretch);
    paint(context, path, getComputedStyle(shape));
  }
  context.restore();
}

function drawMark(context: CanvasRenderingContext2D, mark: Element): void {
  const { left, top } = mark.getBoundingClientRect();
  for (const shape of mark.querySelectorAll('circle, path')) {
    const path = new Path2D();
    const move = new DOMMatrix().translate(left, top);
    const drawn = new Path2D(shape.getAttribute('d') ?? '');
    if (shape.tagName === 'circle') drawn.arc(5, 5, Number(shape.getAttribute('r')), 0, 2 * Math.PI);
    path.addPath(drawn, move);
    paint(context, path, getComputedStyle(shape));
  }
}

function drawArrow(context: CanvasRenderingContext2D, arrow: SVGPathElement): void {
  const path = new Path2D();
  path.addPath(new Path2D(arrow.getAttribute('d') ?? ''), arrow.getScreenCTM() ?? undefined);
  paint(context, path, getComputedStyle(arrow));
}

function paint(context: CanvasRenderingContext2D, path: Path2D, style: CSSStyleDeclaration): void {
  if (style.fill !== 'none') {
    context.globalAlpha = Number(style.fillOpacity);
    context.fillStyle = style.fill;
    context.fill(path);
    context.globalAlpha = 1;
  }
  if (style.stroke !== 'none') {
    context.strokeStyle = style.stroke;
    context.lineWidth = Number.parseFloat(style.strokeWidth);
    context.setLineDash(
      style.strokeDasharray === 'none'
        ? []
        : style.strokeDasharray.split(/[ ,]+/).map((part) => Number.parseFloat(part)),
    );
    context.stroke(path);
  }
}

/** Every visible text of the figure, where the browser laid it out, line by line. */
function drawText(context: CanvasRenderingContext2D, figure: Element): void {
  const walker = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!parent || parent.closest('.sr-only, .plot-card, button, a')) continue;
    const style = getComputedStyle(parent);
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.fillStyle = style.color;
    context.textBaseline = 'alphabetic';
    for (const word of (node.textContent ?? '').matchAll(/\S+/g)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const box = range.getBoundingClientRect();
      if (box.width > 0) context.fillText(word[0], box.left, box.bottom - box.height * 0.24);
    }
  }
}
