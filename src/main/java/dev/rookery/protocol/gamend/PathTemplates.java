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

  private final Map<String, List<Template>> byResource = new HashMap<>();

  private record Template(Operation operation, List<String> steps) {
    boolean matches(String[] path) {
      if (path.length != steps.size()) {
        return false;
      }
      for (int i = 0; i < path.length; i++) {
        String step = steps.get(i);
        if (!step.startsWith(":") && !step.equals(path[i])) {
          return false;
        }
      }
      return true;
    }
  }

  void add(Operation operation) {
    String[] steps = split(operation.path());
    byResource
        .computeIfAbsent(resource(steps), _ -> new ArrayList<>())
        .add(new Template(operation, List.of(steps)));
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
    return steps.length > RESOURCE ? steps[RESOURCE] : "";
  }

  private static String[] split(String path) {
    return path.split("/", -1);
  }
}
