/**
 * As much of WASI preview 1 as a command needs that reads its arguments and writes one file: the file stays in memory,
 * so that what is spoken never touches the disk. After: the WASI preview 1 witx description.
 */
const errno = { success: 0, badDescriptor: 8, notFound: 44 } as const;
const fileType = { characterDevice: 2, directory: 3, regularFile: 4 } as const;
const rootDescriptor = 3;
const fileDescriptor = 4;
const firstBytes = 1 << 18;

export class WasiExit extends Error {
  constructor(readonly exitCode: number) {
    super(`The command ended with exit code ${exitCode}`);
  }
}

/** One run of one command. Give `imports` to the module, `memory` from its exports, and read `output` afterwards. */
export class MemoryWasi {
  memory: WebAssembly.Memory | undefined;
  #args: Uint8Array[] = [];
  #file = new Uint8Array(firstBytes);
  #fileBytes = 0;
  #position = 0;

  /** The command line, the command's name first. */
  set args(args: readonly string[]) {
    this.#args = args.map((arg) => new TextEncoder().encode(`${arg}\0`));
  }

  /** What the command wrote to its file. */
  get output(): Uint8Array {
    return this.#file.subarray(0, this.#fileBytes);
  }

  readonly imports: WebAssembly.ModuleImports = {
    args_sizes_get: (countAt: number, bytesAt: number) => {
      this.#view.setUint32(countAt, this.#args.length, true);
      this.#view.setUint32(
        bytesAt,
        this.#args.reduce((sum, arg) => sum + arg.length, 0),
        true,
      );
      return errno.success;
    },
    args_get: (pointersAt: number, textAt: number) => {
      let at = textAt;
      this.#args.forEach((arg, i) => {
        this.#view.setUint32(pointersAt + 4 * i, at, true);
        this.#bytes.set(arg, at);
        at += arg.length;
      });
      return errno.success;
    },
    clock_time_get: (_id: number, _precision: bigint, timeAt: number) => {
      this.#view.setBigUint64(timeAt, 0n, true);
      return errno.success;
    },
    fd_prestat_get: (descriptor: number, statAt: number) => {
      if (descriptor !== rootDescriptor) return errno.badDescriptor;
      this.#view.setUint32(statAt, 0, true);
      this.#view.setUint32(statAt + 4, 1, true);
      return errno.success;
    },
    fd_prestat_dir_name: (_descriptor: number, nameAt: number) => {
      this.#bytes[nameAt] = '/'.charCodeAt(0);
      return errno.success;
    },
    fd_fdstat_get: (descriptor: number, statAt: number) => {
      const type =
        descriptor === rootDescriptor ? fileType.directory : descriptor === fileDescriptor ? fileType.regularFile : fileType.characterDevice;
      this.#view.setBigUint64(statAt, BigInt(type), true);
      this.#view.setBigInt64(statAt + 8, -1n, true);
      this.#view.setBigInt64(statAt + 16, -1n, true);
      return errno.success;
    },
    fd_fdstat_set_flags: () => errno.success,
    fd_close: () => errno.success,
    fd_read: (_descriptor: number, _buffers: number, _count: number, readAt: number) => {
      this.#view.setUint32(readAt, 0, true);
      return errno.success;
    },
    fd_seek: (descriptor: number, offset: bigint, whence: number, positionAt: number) => {
      if (descriptor !== fileDescriptor) return errno.badDescriptor;
      const origin = [0, this.#position, this.#fileBytes][whence] ?? 0;
      this.#position = origin + Number(offset);
      this.#view.setBigUint64(positionAt, BigInt(this.#position), true);
      return errno.success;
    },
    fd_write: (descriptor: number, buffersAt: number, count: number, writtenAt: number) => {
      let written = 0;
      for (let i = 0; i < count; i += 1) {
        const at = this.#view.getUint32(buffersAt + 8 * i, true);
        const length = this.#view.getUint32(buffersAt + 8 * i + 4, true);
        if (descriptor === fileDescriptor) this.#write(this.#bytes.subarray(at, at + length));
        written += length;
      }
      this.#view.setUint32(writtenAt, written, true);
      return errno.success;
    },
    path_open: (directory: number, ...rest: (number | bigint)[]) => {
      const createFlag = 1;
      if (directory !== rootDescriptor || (Number(rest[3]) & createFlag) === 0) return errno.notFound;
      this.#view.setUint32(Number(rest[7]), fileDescriptor, true);
      return errno.success;
    },
    proc_exit: (code: number) => {
      throw new WasiExit(code);
    },
  };

  get #bytes(): Uint8Array {
    return new Uint8Array((this.memory as WebAssembly.Memory).buffer);
  }

  get #view(): DataView {
    return new DataView((this.memory as WebAssembly.Memory).buffer);
  }

  #write(bytes: Uint8Array): void {
    const end = this.#position + bytes.length;
    if (end > this.#file.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#file.length));
      larger.set(this.#file);
      this.#file = larger;
    }
    this.#file.set(bytes, this.#position);
    this.#position = end;
    this.#fileBytes = Math.max(this.#fileBytes, end);
  }
}
