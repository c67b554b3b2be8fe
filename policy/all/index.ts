import { servePack } from "../pack";
import { allRules } from "../rules";

servePack("all", { description: "Every rule of the data platform.", rules: allRules });
