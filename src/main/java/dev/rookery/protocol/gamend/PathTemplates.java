package dev.rookery.protocol.gamend;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the operations whose path template matches a path, in the order of the API document. A path
 * is split once, and compared only with templates of the same resource, such as {@code lobbies}.
 */
final class PathTemplates {
  /** The step of the resource, in {@code /api/v1/lobbies}. */
  private static final int RESOURCE = 3;

  /** Has the resources of admins below it. */
  private static final String ADMIN = "admin";

  private final Map<String, List<Template>> byResource = new HashMap<>();

  /**
   * @param steps without those that may be anything
   */
  private record Template(Operation operation, List<Step> steps, int length) {
    static Template of(Operation operation, String[] path) {
      var steps = new ArrayList<Step>();
      for (int i = 0; i < path.length; i++) {
        if (!path[i].startsWith(":")) {
          steps.add(new Step(i, path[i]));
        }
      }
      return new Template(operation, steps, path.length);
    }

    boolean matches(String[] path) {
      if (path.length != length) {
        return false;
      }
      for (Step step : steps) {
        if (!step.text.equals(path[step.place])) {
          return false;
        }
      }
      return true;
    }
  }

  private record Step(int place, String text) {}

  void add(Operation operation) {
    String[] steps = split(operation.path());
    byResource
        .computeIfAbsent(resource(steps), _ -> new ArrayList<>())
        .add(Template.of(operation, steps));
  }

  List<Operation> find(String path) {
    String[] steps = split(path);
    List<Template> candidates = byResource.getOrDefault(resource(steps), List.of());
    var found = new ArrayList<Operation>(4);
    for (Template candidate : candidates) {
      if (candidate.matches(steps)) {
        found.add(candidate.operation);
      }
    }
    return found;
  }

  private static String resource(String[] steps) {
    if (steps.length <= RESOURCE) {
      return "";
    }
    String resource = steps[RESOURCE];
    return resource.equals(ADMIN) && steps.length > RESOURCE + 1
        ? ADMIN + "/" + steps[RESOURCE + 1]
        : resource;
  }

  private static String[] split(String path) {
    return path.split("/", -1);
  }
}
