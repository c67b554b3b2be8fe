import { servePack } from "../pack";
import { packs } from "../rules";

servePack("naming", packs.naming);
