import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";

new PolicyPack("connections", { policies: [...rules] });
