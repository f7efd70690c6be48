import { useMutation } from "@tanstack/preact-query";
import type { DataObject } from "../../sdk/model/data-object";
import type { SettingsPatch } from "../../sdk/model/settings";
import { call } from "../api";
import type { ObjectPath } from "../object-path";
import { at, queryClient } from "../queries";

/** Changes settings of an object; afterwards everything shown is asked for again, since what inherits has changed too. */
export function useSettings(path: ObjectPath) {
  return useMutation({
    mutationFn: (settings: SettingsPatch) => call<DataObject>("PUT", at("/data/settings", path), { settings }),
    onSuccess: () => queryClient.invalidateQueries(),
  });
}
