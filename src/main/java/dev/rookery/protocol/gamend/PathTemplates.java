package dev.rookery.protocol.gamend;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the operations whose path template matches a path, in the order of the API document. A path
 * is split once, and compared only with templates of as many steps.
 */
final class PathTemplates {
  private final Map<Integer, List<Template>> byLength = new HashMap<>();

  private record Template(Operation operation, List<String> steps) {
    boolean matches(String[] path) {
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
    List<String> steps = List.of(split(operation.path()));
    byLength
        .computeIfAbsent(steps.size(), _ -> new ArrayList<>())
        .add(new Template(operation, steps));
  }

  List<Operation> find(String path) {
    String[] steps = split(path);
    List<Template> candidates = byLength.getOrDefault(steps.length, List.of());
    var found = new ArrayList<Operation>(4);
    for (Template candidate : candidates) {
      if (candidate.matches(steps)) {
        found.add(candidate.operation);
      }
    }
    return found;
  }

  private static String[] split(String path) {
    return path.split("/", -1);
  }
}
