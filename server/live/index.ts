export { livePages, liveRoutes, type LiveRouteDeps } from './live.routes.ts';
export { createLives, type Live, type Lives } from './live.service.ts';
export { liveSockets } from './live.sockets.ts';
export { offerSockets } from './offers.sockets.ts';
export { createLiveStore } from './live.store.ts';
export { createRails, type Rails } from './room.service.ts';
export { createRooms, liveRoom, type Rooms } from './room.sockets.ts';
export { hostRoom } from './till-roll.sockets.ts';
export { couponDropJobs } from './coupon-drops.jobs.ts';
export { createCouponDrops, type CouponDrops } from './coupon-drops.service.ts';
export { couponDropSockets } from './coupon-drops.sockets.ts';
export { createDropStore } from './coupon-drops.store.ts';
export { evidenceJobs } from './evidence.jobs.ts';
export { evidenceRoutes } from './evidence.routes.ts';
export { createEvidence, type EvidenceKeeper } from './evidence.service.ts';
export { createEvidenceStore } from './evidence.store.ts';
export { recordRoutes } from './records.routes.ts';
export { captionSockets } from './captions.sockets.ts';
export { miniRoutes } from './mini.routes.ts';
export { cardRoutes } from './cards.routes.ts';
export { companyRoutes } from './company.routes.ts';
export { reminderJobs } from './reminders.jobs.ts';
export { createReminders, type Reminders } from './reminders.service.ts';
export { createReminderStore } from './reminders.store.ts';
export { createWatching, type Watching } from './watching.service.ts';
export { watchingSockets } from './watching.sockets.ts';
export { createWatchStore } from './watching.store.ts';
export { createChapters, type Chapters } from './chapters.service.ts';
export type { Chapter } from './chapters.rules.ts';
export { createChapterStore } from './chapters.store.ts';
export { createActs, type Acts } from './acts.service.ts';
export { createActStore } from './acts.store.ts';
export { createAnswers, type Answers } from './answers.service.ts';
export { createAnswerStore } from './answers.store.ts';
export { createBans, type Bans } from './bans.service.ts';
export { banSockets, createDoor, type Door } from './bans.sockets.ts';
export { chatSockets } from './chat.sockets.ts';
export { createCrews, type Crews } from './crew.service.ts';
export { actingHost, RIGHTS, type Right, type Turn } from './crew.rules.ts';
export { createCrewStore } from './crew.store.ts';
export { deskSockets } from './desk.sockets.ts';
export { knowDevice } from './device.routes.ts';
export { createDevices, type Devices } from './device.service.ts';
export { moderationJobs } from './moderation.jobs.ts';
export { createModeration, type Moderation } from './moderation.service.ts';
export { createModerationStore } from './moderation.store.ts';
export { createRelay, type Relay } from './relay.service.ts';
export { createChatReports, type ChatReports } from './chat-reports.service.ts';
export { createScripts, type Scripts } from './script.service.ts';
export { createScriptStore } from './script.store.ts';
export { createWords, type Words } from './words.service.ts';
export { isBought } from './moderation.rules.ts';
export {
  isOfHouse,
  mayDo,
  mayManageCrew,
  mayPublish,
  mayRun,
  mustBeOfHouse,
  mustDo,
  mustRun,
} from './live.policy.ts';
export { consoleRoutes } from './console.routes.ts';
export { createDetails, type Details } from './details.service.ts';
export { createDetailsStore } from './details.store.ts';
export { chatAdminRoutes } from './words.routes.ts';
export { createReplays, type Replays } from './replay.service.ts';
export { replayRoutes } from './replay.routes.ts';
export { replayChatQuery, replayQuery } from './replay.schema.ts';
