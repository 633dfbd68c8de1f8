// Numbers and tables in Markdown.

export const none = '—';
export const fixed = (value, digits) => (value === undefined || value === null ? none : value.toFixed(digits).replace(/^-/, '−'));
export const rowOf = (rows, name) => rows.find((row) => row.name === name) ?? {};
export const table = (rows) => rows.map((cells, i) => `| ${cells.join(' | ')} |${i === 0 ? `\n|${'---|'.repeat(cells.length)}` : ''}`).join('\n');
