// The compiler: a `.sau` file and a host in, diagnostics and a Plan out. Does no input or output of its own.

export type { DeclaredType } from './checking/declared-types.js'
export type { DeclaredParam, MeasuredData, ParamDomain, ParamSetting, Template } from './checking/template.js'
export {
  type CheckResult,
  type CompileOptions,
  type CompileResult,
  checkExperiment,
  compileDataset,
  compileDatasets,
  compileExperiment,
  compileTemplate,
  type DatasetResult,
  type DatasetsResult,
  experimentCompiler,
  type TemplateResult,
} from './compile.js'
export { catalog, catalogTables } from './diagnostics/catalog.js'
export type { Diagnostic, Fix, Label, Severity } from './diagnostics/diagnostic.js'
export { mostShown, type RenderOptions, renderDiagnostics } from './diagnostics/render.js'
export { type JsonDiagnostic, type JsonPlace, mostAsData, renderJson } from './diagnostics/render-json.js'
export type { FunctionDeclaration, FunctionGroup } from './functions/declaration.js'
export { functions } from './functions/registry.js'
export type { Host, SharedRecords, SourceFacts, SourceFailure, SourceRequest } from './host.js'
export type { LoweredDataset, LoweredDatasets } from './lowering/datasets.js'
export type { LoadedFile } from './modules/load.js'
export { fillCounts, longtailCounts } from './plan/class-counts.js'
export type { DatasetOperation } from './plan/dataset-operations.js'
export { planHash } from './plan/hash.js'
export type * from './plan/plan.js'
export type { Scalar } from './plan/scalar.js'
export { planSchema, validatePlan } from './plan/schema.js'
export type { SourcePlan } from './plan/sources.js'
export type { StepOperation } from './plan/step-operations.js'
export { closedLists } from './types/closed-lists.js'
