package dev.rookery.bus;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.module.blackbird.BlackbirdModule;
import dev.rookery.base.Event;
import dev.rookery.base.UnknownEvent;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which events exist, and their JSON. Only records of the sealed families given here are ever read
 * or written, so no text from outside can name a class to load.
 *
 * <p>A type's name is its family and its own: {@code LobbyEvent.Joined}. It is stored, so renaming
 * a record needs a migration.
 */
public final class EventTypes {
  private static final Logger LOG = LoggerFactory.getLogger(EventTypes.class);

  private final ObjectMapper json =
      JsonMapper.builder()
          .addModule(new BlackbirdModule())
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          // A node of the next version may add a field; this one goes on without it.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Map<Class<?>, String> names = new HashMap<>();
  private final Map<String, ObjectReader> readers = new HashMap<>();
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final Map<Class<?>, ObjectWriter> writers = new HashMap<>();

  public EventTypes(List<Class<? extends Event>> families) {
    var open = new ArrayDeque<Class<?>>(families);
    while (!open.isEmpty()) {
      Class<?> type = open.pop();
      if (type.isSealed()) {
        open.addAll(List.of(type.getPermittedSubclasses()));
      } else if (type.isRecord()) {
        String name = type.getEnclosingClass().getSimpleName() + "." + type.getSimpleName();
        names.put(type, name);
        readers.put(name, json.readerFor(type));
        writers.put(type, json.writerFor(type));
      } else {
        throw new IllegalArgumentException(type + " is neither sealed nor a record");
      }
    }
  }

  public String name(Event event) {
    if (event instanceof UnknownEvent(var type, _)) {
      return type;
    }
    String name = names.get(event.getClass());
    if (name == null) {
      throw new IllegalArgumentException("unknown event " + event.getClass());
    }
    return name;
  }

  public String write(Event event) {
    if (event instanceof UnknownEvent(_, var text)) {
      return text;
    }
    ObjectWriter writer = writers.get(event.getClass());
    if (writer == null) {
      throw new IllegalArgumentException("unknown event " + event.getClass());
    }
    try {
      return writer.writeValueAsString(event);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("cannot write " + event.getClass(), broken);
    }
  }

  /** {@link UnknownEvent} for what another version has written and this one cannot read. */
  public Event read(String name, String text) {
    ObjectReader reader = readers.get(name);
    if (reader == null) {
      return new UnknownEvent(name, text);
    }
    try {
      return reader.readValue(text);
    } catch (JsonProcessingException unreadable) {
      // Not what it says: that quotes what players wrote.
      if (told.add(name)) {
        LOG.warn("events {} cannot be read: {}", name, unreadable.getClass().getSimpleName());
      }
      return new UnknownEvent(name, text);
    }
  }
}
