/** Which machines the engine was built for. */

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** The version of the running glibc, as in "2.36"; null where there is none. */
  readonly glibc: string | null;
}

export function thisMachine(): Machine {
  return { platform: process.platform, arch: process.arch, glibc: runningGlibc() };
}

/** Why the engine cannot run on `machine`, to follow "because"; null when it can. */
export function unsupportedReason(machine: Machine): string | null {
  const { platform, arch, glibc } = machine;
  if (platform === 'win32') return 'it is not made for Windows (WSL works)';
  if (platform === 'darwin')
    return arch === 'arm64' ? null : 'it is not made for Macs with an Intel processor';
  if (platform !== 'linux') return `it is not made for ${platform}`;
  if (arch !== 'x64' && arch !== 'arm64') return `it is not made for ${arch} processors`;
  if (glibc === null) return 'this Linux uses musl instead of glibc (Alpine does)';
  return null;
}

/** The npm package with the native files for `machine`, beside the engine's main package. */
export function nativePackageSuffix(machine: Machine): string {
  return machine.platform === 'darwin' ? `darwin-${machine.arch}` : `linux-${machine.arch}-gnu`;
}

/** Node 20 has it; its published types do not. */
type Reporter = NodeJS.ProcessReport & { excludeNetwork?: boolean };

/**
 * Asks the running Node and not the file system: a musl loader may well be installed beside glibc, and a
 * glibc shim beside musl; what counts is what this process was linked with.
 */
function runningGlibc(): string | null {
  if (process.platform !== 'linux') return null;
  const report: Reporter = process.report;
  const before = report.excludeNetwork;
  // Without this the report looks up the name of every peer, which can take seconds.
  report.excludeNetwork = true;
  try {
    const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
    return header?.glibcVersionRuntime ?? null;
  } finally {
    report.excludeNetwork = before ?? false;
  }
}
