import { servePack } from "../pack";
import { packs } from "../rules";

servePack("resources", packs.resources);
