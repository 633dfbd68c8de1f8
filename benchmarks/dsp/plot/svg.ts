/** Text of SVG pictures: light paper of their own, so that they are read on white pages and on dark ones. */

export const ink = '#1f2328';
export const fadedInk = '#59636e';
export const gridInk = '#d8dee4';
export const paper = '#ffffff';
/** Ours, and those that are compared with it. After: Okabe and Ito, who chose them for the colour-blind. */
export const oursInk = '#0072b2';
export const peerInks: readonly string[] = ['#d55e00', '#009e73', '#cc79a7', '#e69f00', '#6e7781', '#8250df', '#56b4e9', '#a2845e'];

export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

export interface TextStyle {
  readonly size?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly fill?: string;
  readonly bold?: boolean;
  readonly turned?: boolean;
}

export function text(x: number, y: number, words: string, { size = 12, anchor = 'start', fill = ink, bold, turned }: TextStyle = {}): string {
  const rotation = turned ? ` transform="rotate(-90 ${short(x)} ${short(y)})"` : '';
  return `<text x="${short(x)}" y="${short(y)}" font-size="${size}" text-anchor="${anchor}" fill="${fill}"${bold ? ' font-weight="600"' : ''}${rotation}>${escaped(words)}</text>`;
}

export const line = (x1: number, y1: number, x2: number, y2: number, stroke = gridInk, width = 1): string =>
  `<line x1="${short(x1)}" y1="${short(y1)}" x2="${short(x2)}" y2="${short(y2)}" stroke="${stroke}" stroke-width="${width}"/>`;

export function polyline(points: readonly (readonly [number, number])[], stroke: string, width: number, dashes = ''): string {
  const path = points.map(([x, y]) => `${short(x)},${short(y)}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linejoin="round"${dashes && ` stroke-dasharray="${dashes}"`}/>`;
}

/** Two digits behind the point are finer than anybody sees. */
export const short = (value: number): string => String(Number(value.toFixed(2)));

/** A whole picture, with its title and a line below that says how to read it. */
export function picture(width: number, height: number, title: string, subtitle: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${paper}"/>`,
    text(24, 32, title, { size: 17, bold: true }),
    text(24, 52, subtitle, { size: 12.5, fill: fadedInk }),
    ...parts,
    '</svg>\n',
  ].join('\n');
}
