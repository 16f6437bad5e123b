package dev.rookery.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values of some columns at equal distances, of one node.
 *
 * @param startMs the time of the first point
 * @param values by the key of the column; NaN where there is none. The arrays are not copied.
 * @param marks what happened meanwhile, such as a restart
 */
public record MetricPoints(
    long startMs, long stepMs, Map<String, float[]> values, List<Mark> marks) {
  /** Something that happened, to be drawn on the axis. */
  public record Mark(long timeMs, String text) {}

  /** The number of points of each column. */
  public int size() {
    return values.values().stream().mapToInt(of -> of.length).findFirst().orElse(0);
  }

  JsonObject toJson() {
    var columns = new JsonObject();
    values.forEach((key, of) -> columns.put(key, pack(of)));
    var list = new JsonArray();
    marks.forEach(mark -> list.add(JsonObject.of("t", mark.timeMs(), "text", mark.text())));
    return JsonObject.of("start", startMs, "step", stepMs, "columns", columns, "marks", list);
  }

  static MetricPoints fromJson(JsonObject json) {
    var values = new LinkedHashMap<String, float[]>();
    JsonObject columns = json.getJsonObject("columns");
    columns.fieldNames().forEach(key -> values.put(key, unpack(columns.getString(key))));
    var marks = new ArrayList<Mark>();
    JsonArray list = json.getJsonArray("marks");
    for (int i = 0; i < list.size(); i++) {
      JsonObject mark = list.getJsonObject(i);
      marks.add(new Mark(mark.getLong("t"), mark.getString("text")));
    }
    return new MetricPoints(json.getLong("start"), json.getLong("step"), values, marks);
  }

  /** Values as text, in 4 bytes each. */
  static String pack(float[] values) {
    var bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return Base64.getEncoder().withoutPadding().encodeToString(bytes.array());
  }

  static float[] unpack(String text) {
    var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    var values = new float[bytes.remaining() / Float.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes.getFloat();
    }
    return values;
  }
}
