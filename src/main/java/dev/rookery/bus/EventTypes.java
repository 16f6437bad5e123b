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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry of event types and their JSON encoding. Only records of the given sealed families
 * are read or written, so no external text can name a class to load.
 *
 * <p>A type's name consists of its family and its own name: {@code LobbyEvent.Joined}. The name is
 * stored, so renaming a record needs a migration.
 */
public final class EventTypes {
  private static final Logger LOG = LoggerFactory.getLogger(EventTypes.class);

  private final ObjectMapper json =
      JsonMapper.builder()
          .addModule(new BlackbirdModule())
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          // A node of a newer version may add a field; this one ignores it.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Map<Class<?>, String> names;
  private final Map<String, Class<?>> types;
  private final Set<String> warnedTypes = ConcurrentHashMap.newKeySet();

  // Made when they are first used: those of all types take a tenth of the time in which a node
  // starts.
  private final Map<Class<?>, ObjectReader> readers;
  private final Map<Class<?>, ObjectWriter> writers;

  private final Set<Class<?>> consumed;
  private volatile Set<Class<?>> alsoConsumed = Set.of();

  public EventTypes(List<Class<? extends Event>> families) {
    this(families, List.of());
  }

  /**
   * @param consumed the families, or single records, that have durable consumers
   */
  public EventTypes(List<Class<? extends Event>> families, List<Class<? extends Event>> consumed) {
    this.names = new HashMap<>();
    this.types = new HashMap<>();
    this.readers = new ConcurrentHashMap<>();
    this.writers = new ConcurrentHashMap<>();
    for (Class<?> type : recordsOf(families)) {
      String name = type.getEnclosingClass().getSimpleName() + "." + type.getSimpleName();
      names.put(type, name);
      types.put(name, type);
    }
    this.consumed = Set.copyOf(recordsOf(consumed));
    if (!names.keySet().containsAll(this.consumed)) {
      throw new IllegalArgumentException("consumed events are of no known family: " + consumed);
    }
  }

  private EventTypes(EventTypes same) {
    this.names = same.names;
    this.types = same.types;
    this.readers = same.readers;
    this.writers = same.writers;
    this.consumed = same.consumed;
  }

  /** The same types for another node, with no more consumed ones than at first. */
  public EventTypes copy() {
    return new EventTypes(this);
  }

  /**
   * Keeps events of other types for durable consumers from now on, beside those that always have
   * some.
   *
   * @param types records, in place of those of an earlier call
   */
  public void consumeAlso(Set<Class<? extends Event>> types) {
    if (!names.keySet().containsAll(types)) {
      throw new IllegalArgumentException("consumed events are of no known family: " + types);
    }
    alsoConsumed = Set.copyOf(types);
  }

  private static List<Class<?>> recordsOf(Collection<Class<? extends Event>> families) {
    var records = new ArrayList<Class<?>>();
    var remaining = new ArrayDeque<Class<?>>(families);
    while (!remaining.isEmpty()) {
      Class<?> type = remaining.pop();
      if (type.isSealed()) {
        remaining.addAll(List.of(type.getPermittedSubclasses()));
      } else if (type.isRecord()) {
        records.add(type);
      } else {
        throw new IllegalArgumentException(type + " is neither sealed nor a record");
      }
    }
    return records;
  }

  /** Whether the event is kept for durable consumers on this stream. */
  public boolean isConsumed(Event event, String stream) {
    Class<?> type = event.getClass();
    return alsoConsumed.contains(type) || (consumed.contains(type) && event.isConsumedOn(stream));
  }

  /** Whether events of a type are kept for durable consumers, on some stream at least. */
  public boolean isConsumed(Class<? extends Event> type) {
    return consumed.contains(type) || alsoConsumed.contains(type);
  }

  /**
   * The stored names of some records.
   *
   * @throws IllegalArgumentException if one of them is of no known family
   */
  public Map<Class<?>, String> names(Collection<Class<? extends Event>> types) {
    var found = new HashMap<Class<?>, String>();
    for (Class<?> type : types) {
      String name = names.get(type);
      if (name == null) {
        throw new IllegalArgumentException(type + " is of no known family");
      }
      found.put(type, name);
    }
    return found;
  }

  /**
   * The records of consumed families with their stored names.
   *
   * @throws IllegalArgumentException if one of them is not listed as consumed
   */
  public Map<Class<?>, String> consumedNames(Collection<Class<? extends Event>> families) {
    var found = new HashMap<Class<?>, String>();
    for (Class<?> type : recordsOf(families)) {
      if (!consumed.contains(type)) {
        throw new IllegalArgumentException(type + " is not listed as consumed");
      }
      found.put(type, Objects.requireNonNull(names.get(type)));
    }
    return found;
  }

  /** The stored name of the event's type. */
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

  /** The event as JSON. */
  public String write(Event event) {
    if (event instanceof UnknownEvent(_, var text)) {
      return text;
    }
    if (!names.containsKey(event.getClass())) {
      throw new IllegalArgumentException("unknown event " + event.getClass());
    }
    try {
      return writers.computeIfAbsent(event.getClass(), json::writerFor).writeValueAsString(event);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("cannot write " + event.getClass(), broken);
    }
  }

  /** Reads an event; returns {@link UnknownEvent} for one that this version cannot read. */
  public Event read(String name, String text) {
    Class<?> type = types.get(name);
    if (type == null) {
      return new UnknownEvent(name, text);
    }
    try {
      return readers.computeIfAbsent(type, json::readerFor).readValue(text);
    } catch (JsonProcessingException unreadable) {
      // The exception's message is not logged: it quotes what players wrote.
      if (warnedTypes.add(name)) {
        LOG.warn(
            "events of type {} cannot be read: {}", name, unreadable.getClass().getSimpleName());
      }
      return new UnknownEvent(name, text);
    }
  }
}
