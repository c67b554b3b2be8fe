import { servePack } from "../pack";
import { packs } from "../rules";

servePack("operations", packs.operations);
