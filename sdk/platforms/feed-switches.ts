import { z } from "zod";
import { ACTIVITY_FEEDS, type ActivityFeed } from "../model/activity";
import type { NativeIntegration } from "../model/registration";

const feedSwitch = z.strictObject({ enabled: z.boolean() }).optional();

/** The switches of the feeds in `nativeIntegration.config`, all off by default; `tags` and `lineage` are ours. */
export const feedSwitches = { tags: feedSwitch, lineage: feedSwitch, audit: feedSwitch } satisfies Record<ActivityFeed, unknown>;

const switchesSchema = z.object(feedSwitches);

/** The feeds that are switched on. */
export function switchedOn({ config }: NativeIntegration): ActivityFeed[] {
  const switches = switchesSchema.parse(config);
  return ACTIVITY_FEEDS.filter((feed) => switches[feed]?.enabled === true);
}
