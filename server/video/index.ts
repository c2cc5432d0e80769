export * from './encoders/index.ts';
export { recordingJobs } from './recordings.jobs.ts';
export { createRecordings, type Recordings } from './recordings.service.ts';
export { createRecordingStore } from './recordings.store.ts';
export { createLeaseStore } from './leases.store.ts';
export { videoRoutes, videoUpgrades } from './door.routes.ts';
export { studioSources } from './studio.routes.ts';
export { createVideo, type LiveState, type Video } from './video.service.ts';
export { momentOf, type Placed } from './recording.rules.ts';
