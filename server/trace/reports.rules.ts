export const REPORT_KINDS = ['quality', 'label', 'copy', 'facts', 'other'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];
