/** The part of the package that is used here: its types are in a package of their own. */
declare module 'istanbul-lib-instrument' {
  export function createInstrumenter(options: {
    readonly coverageVariable: string;
    readonly coverageGlobalScope: string;
    readonly coverageGlobalScopeFunc: boolean;
    readonly esModules: boolean;
    readonly compact: boolean;
  }): { instrumentSync(code: string, filename: string): string };
}
