package dev.rookery.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Column names of a statement, shared by all of its rows. */
public final class Columns {
  private final Map<String, Integer> places = new HashMap<>();

  public Columns(List<String> names) {
    for (int place = 0; place < names.size(); place++) {
      places.putIfAbsent(names.get(place), place);
    }
  }

  int place(String name) {
    Integer place = places.get(name);
    if (place == null) {
      throw new IllegalArgumentException("no column " + name + " among " + places.keySet());
    }
    return place;
  }
}
