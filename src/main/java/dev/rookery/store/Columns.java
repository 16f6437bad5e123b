package dev.rookery.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The column names of a statement, shared by all of its rows. */
public final class Columns {
  private final Map<String, Integer> indexes = new HashMap<>();

  public Columns(List<String> names) {
    for (int index = 0; index < names.size(); index++) {
      indexes.putIfAbsent(names.get(index), index);
    }
  }

  int index(String name) {
    Integer index = indexes.get(name);
    if (index == null) {
      throw new IllegalArgumentException("no column " + name + " among " + indexes.keySet());
    }
    return index;
  }
}
