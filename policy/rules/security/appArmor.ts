import { settings } from "../../../components/foundation/values";
import { violation } from "../../message";
import { eachContext, eachTemplate, isAbsent } from "../../views/podSecurity";
import { fieldsAt } from "../../views/raw";
import { defineRule, usualLevels } from "../../rule";
import { collect } from "../../views/unknown";

/** The form from before Kubernetes 1.30, which still works: a container's name follows. */
const annotation = "container.apparmor.security.beta.kubernetes.io/";

export const appArmor = defineRule({
    name: "security-app-armor",
    description: "Nothing takes the AppArmor profile away that the container runtime gives (Pod Security: AppArmor).",
    severity: "high",
    remediation: "Take appArmorProfile away from the securityContext, or set its type to RuntimeDefault or Localhost.",
    levels: usualLevels,
    settings: settings({}),
    check: (resource) =>
        collect(
            [
                () =>
                    eachContext(resource, (context, label) => {
                        const { type } = fieldsAt(context, "appArmorProfile");
                        return isAbsent(type) || type === "RuntimeDefault" || type === "Localhost"
                            ? []
                            : [
                                  violation(
                                      label,
                                      "RuntimeDefault, Localhost or nothing in securityContext.appArmorProfile.type",
                                      type,
                                  ),
                              ];
                    }),
                () =>
                    eachTemplate(resource, ({ annotations }, label) =>
                        collect(
                            Object.keys(annotations).filter((key) => key.startsWith(annotation)),
                            (key) => {
                                const value = annotations[key] ?? "";
                                return value === "" || value === "runtime/default" || value.startsWith("localhost/")
                                    ? []
                                    : [
                                          violation(
                                              label,
                                              `runtime/default, localhost/… or nothing in annotation ${key}`,
                                              value,
                                          ),
                                      ];
                            },
                        ),
                    ),
            ],
            (part) => part(),
        ),
});
