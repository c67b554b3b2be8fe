import { servePack } from "../pack";
import { packs } from "../rules";

servePack("security", packs.security);
