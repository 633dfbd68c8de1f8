import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { projectFolder } from '../support/project.js';

export interface SourceFile {
  /** Below the project's folder: src/call/call.ts */
  readonly path: string;
  readonly text: string;
}

/** Every file below a folder of the project whose name ends so. */
export function filesBelow(folder: string, endings: readonly string[]): SourceFile[] {
  return readdirSync(join(projectFolder, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((path) => ({ path: path.slice(projectFolder.length).replace(/^\//, ''), text: readFileSync(path, 'utf8') }))
    .sort((a, b) => a.path.localeCompare(b.path));
}

/** The text without comments and without what stands in quotes. */
export function codeOf({ text }: SourceFile): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, (part) => (part.startsWith('/') ? '' : "''"));
}

export interface ImportLine {
  /** A module of src/ without its ending ("call/call"), or a package. */
  readonly target: string;
  readonly own: boolean;
  readonly names: string;
}

/** What a file of src/ imports, by import, export … from, import() and new URL(). */
export function importsOf(file: SourceFile): ImportLine[] {
  const folder = posix.dirname(file.path.slice('src/'.length));
  const patterns = [
    /^(?:import|export)\s+(?:type\s+)?([^'";]*?)\s*from\s+'([^']+)'/gm,
    /^import\s+()'([^']+)'/gm,
    /\b(?:import|require)\(()'([^']+)'\)/g,
    /new URL\(()'([^']+\.js)', import\.meta\.url\)/g,
  ];
  return patterns.flatMap((pattern) =>
    [...file.text.matchAll(pattern)].map(([whole, names = '', specifier = '']) => {
      const own = specifier.startsWith('.') || whole.startsWith('new URL');
      return { target: own ? posix.join(folder, specifier).replace(/\.js$/, '') : specifier, own, names };
    }),
  );
}

/** Whether the module is this file, or lies below this folder. */
export const isBelow = (module: string, folder: string): boolean => folder === '*' || module === folder || module.startsWith(`${folder}/`);
