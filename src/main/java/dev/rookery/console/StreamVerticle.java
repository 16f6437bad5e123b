package dev.rookery.console;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.EventTypes;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.console.StreamQuery.EventDetail;
import dev.rookery.console.StreamQuery.NewEvents;
import dev.rookery.console.StreamQuery.NewFeedEvents;
import dev.rookery.console.StreamQuery.NodeFollowers;
import dev.rookery.console.StreamQuery.ResumeOutcome;
import dev.rookery.console.StreamQuery.SentFrame;
import dev.rookery.console.StreamQuery.StreamState;
import dev.rookery.fanout.Delivery;
import dev.rookery.fanout.FanOut;
import dev.rookery.fanout.Followers;
import dev.rookery.fanout.Recovery;
import dev.rookery.fanout.WirePreview;
import dev.rookery.store.StreamReader;
import dev.rookery.store.StreamReader.StoredEvent;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@link StreamQuery} from the stored streams, the fan-out of all nodes and the encoders of
 * the wires. Runs on virtual threads.
 */
public final class StreamVerticle extends VerticleBase {
  private static final String FOLLOWERS = "followers";
  private static final Duration RATE_OF = Duration.ofMinutes(1);
  private static final long FEED_FOR_MS = 10_000;
  private static final int FEEDS_MAX = 50;
  private static final int FRAMES_MAX = 50;
  private static final int FRAME_CHARS_MAX = 1 << 20;

  /** What the answers are made of. */
  public record Sources(
      StreamReader streams,
      FanOut fanOut,
      EventTypes types,
      List<WirePreview> wires,
      MeterRegistry meters) {}

  private final Bus bus;
  private final InstantSource clock;
  private final NodeCalls calls;
  private final Sources sources;
  private final Map<String, FeedTail> feeds = new ConcurrentHashMap<>();

  /**
   * @param calls shared with others; started by one of them
   */
  public StreamVerticle(Bus bus, InstantSource clock, NodeCalls calls, Sources sources) {
    this.bus = bus;
    this.clock = clock;
    this.calls = calls;
    this.sources = sources;
    Gauge.builder("rookery.console.feeds", feeds, Map::size)
        .description("Feeds that this node follows for pages of the console")
        .register(sources.meters());
  }

  @Override
  public Future<?> start() {
    calls.answer(FOLLOWERS, this::followers);
    vertx.setPeriodic(FEED_FOR_MS, _ -> endUnaskedFeeds());
    return bus.<StreamQuery<?>>serve(StreamQuery.ADDRESS, this::answer);
  }

  private Object answer(StreamQuery<?> query) {
    StreamRights.require(query.topic(), query.rights());
    return switch (query) {
      case StreamQuery.FindStream find -> find(find.topic());
      case StreamQuery.ReadEvents read -> read(read);
      case StreamQuery.FollowEvents follow -> follow(follow);
      case StreamQuery.FollowFeed follow -> followFeed(follow);
      case StreamQuery.FindEvent(var topic, var rights, var position) ->
          detail(topic, rights, stored(topic, position));
      case StreamQuery.ReadFrames read -> frames(read);
      case StreamQuery.TestResume test -> testResume(test);
    };
  }

  private StreamState find(String topic) {
    boolean feed = StreamRights.isFeed(topic);
    Position head = feed ? Position.START : sources.streams().head(topic);
    StreamReader.Kept kept =
        head.equals(Position.START)
            ? new StreamReader.Kept(0, 0, 0, List.of())
            : sources.streams().kept(topic, head.epoch(), clock.millis() - RATE_OF.toMillis());
    NodeCalls.Answers answers = calls.askAll(FOLLOWERS, JsonObject.of("topic", topic)).await();
    var followers = new ArrayList<NodeFollowers>();
    answers.byNode().forEach((node, answer) -> followers.addAll(nodeFollowers(node, answer, head)));
    return new StreamState(
        feed,
        head,
        kept.oldest(),
        kept.recent(),
        kept.types(),
        List.copyOf(followers),
        answers.silent());
  }

  private JsonObject followers(JsonObject asked) {
    var list = new JsonArray();
    for (Followers of : sources.fanOut().followers(asked.getString("topic"))) {
      var json = JsonObject.of("wire", of.wire(), "count", of.count());
      Position lowest = of.lowest();
      if (lowest != null) {
        json.put("epoch", lowest.epoch()).put("offset", lowest.offset());
      }
      list.add(json);
    }
    return JsonObject.of(FOLLOWERS, list);
  }

  private static List<NodeFollowers> nodeFollowers(String node, JsonObject answer, Position head) {
    var followers = new ArrayList<NodeFollowers>();
    JsonArray list = answer.getJsonArray(FOLLOWERS);
    for (int i = 0; i < list.size(); i++) {
      JsonObject of = list.getJsonObject(i);
      Long epoch = of.getLong("epoch");
      Long offset = of.getLong("offset");
      long lag = 0;
      if (epoch != null && offset != null) {
        // Of an earlier epoch it lacks all of this one.
        lag = Math.max(0, epoch == head.epoch() ? head.offset() - offset : head.offset());
      }
      followers.add(
          new NodeFollowers(node, of.getString("wire"), of.getInteger("count"), offset, lag));
    }
    return followers;
  }

  private List<StreamEvent> read(StreamQuery.ReadEvents read) {
    Position head = read.head();
    int max = Math.clamp(read.max(), 1, StreamQuery.EVENTS_MAX);
    List<StoredEvent> stored =
        read.from() <= 0
            ? sources
                .streams()
                .readNewest(read.topic(), head.epoch(), head.offset(), read.type(), max)
            : sources
                .streams()
                .read(read.topic(), head.epoch(), read.from(), head.offset(), read.type(), 1, max);
    List<StreamEvent> events = new EventFormat(read.rights()).all(read.topic(), stored);
    return read.type().isEmpty() ? flagged(events, null) : events;
  }

  /** Marks events that do not follow the one before them. */
  private static List<StreamEvent> flagged(List<StreamEvent> events, @Nullable Position after) {
    var flagged = new ArrayList<StreamEvent>(events.size());
    Position last = after;
    for (StreamEvent event : events) {
      flagged.add(last == null ? event : event.withFlag(flag(last, event.position())));
      last = event.position();
    }
    return List.copyOf(flagged);
  }

  private static String flag(Position last, Position position) {
    if (position.epoch() != last.epoch()) {
      return "new epoch";
    }
    long distance = position.offset() - last.offset();
    return distance == 1 ? "" : distance < 1 ? "repeated" : "gap of " + (distance - 1);
  }

  private NewEvents follow(StreamQuery.FollowEvents follow) {
    Position head = sources.streams().head(follow.topic());
    Position after = follow.after();
    if (after == null || head.equals(after)) {
      return new NewEvents(List.of(), head, 0);
    }
    boolean sameEpoch = after.epoch() == head.epoch();
    long from = sameEpoch ? after.offset() + 1 : 1;
    long added = head.offset() - from + 1;
    if (added <= 0) {
      return new NewEvents(List.of(), head, 0);
    }
    long step = (added + StreamQuery.EVENTS_MAX - 1) / StreamQuery.EVENTS_MAX;
    List<StoredEvent> stored =
        sources
            .streams()
            .read(
                follow.topic(),
                head.epoch(),
                from,
                head.offset(),
                follow.type(),
                step,
                StreamQuery.EVENTS_MAX);
    List<StreamEvent> events = new EventFormat(follow.rights()).all(follow.topic(), stored);
    boolean complete = step == 1 && follow.type().isEmpty();
    return new NewEvents(
        complete ? flagged(events, after) : events, head, step == 1 ? 0 : added - events.size());
  }

  private NewFeedEvents followFeed(StreamQuery.FollowFeed follow) {
    if (!StreamRights.isFeed(follow.topic())) {
      throw Refused.conflict("not_a_feed");
    }
    FeedTail.Part part = tail(follow.topic()).after(follow.after());
    var format = new EventFormat(follow.rights());
    var events = new ArrayList<StreamEvent>();
    for (FeedTail.Heard heard : part.events()) {
      CommittedEvent event = heard.event();
      StreamEvent shown =
          format.of(
              event.stream(),
              event.position(),
              heard.sequence(),
              heard.atMs(),
              sources.types().name(event.event()),
              sources.types().write(event.event()));
      events.add(heard.repeated() ? shown.withFlag("repeated") : shown);
    }
    return new NewFeedEvents(List.copyOf(events), part.newest(), part.missed());
  }

  private FeedTail tail(String topic) {
    FeedTail known = feeds.get(topic);
    if (known != null) {
      return known;
    }
    if (feeds.size() >= FEEDS_MAX) {
      throw new Refused(new Refusal.Limited("too_many_feeds", Duration.ofMillis(FEED_FOR_MS)));
    }
    var created = new FeedTail(clock);
    FeedTail other = feeds.putIfAbsent(topic, created);
    if (other != null) {
      return other;
    }
    created.start(sources.fanOut().subscribeNode(topic, created));
    return created;
  }

  private void endUnaskedFeeds() {
    feeds.forEach(
        (topic, tail) -> {
          if (!tail.isAsked(FEED_FOR_MS) && feeds.remove(topic, tail)) {
            tail.end();
          }
        });
  }

  private StoredEvent stored(String topic, Position position) {
    return sources.streams().find(topic, position).orElseThrow(() -> Refused.missing("not_found"));
  }

  private static EventDetail detail(String topic, Set<Permission> rights, StoredEvent stored) {
    StreamEvent event = new EventFormat(rights).of(topic, stored);
    return new EventDetail(event, event.hidden().isEmpty() ? stored.payload() : "");
  }

  private List<SentFrame> frames(StreamQuery.ReadFrames read) {
    StoredEvent stored = stored(read.topic(), read.position());
    if (stored.cut()
        || new EventFormat(read.rights()).hidden(stored.type(), stored.payload(), false) != null) {
      return List.of();
    }
    var event =
        new CommittedEvent(
            read.topic(), stored.position(), sources.types().read(stored.type(), stored.payload()));
    var frames = new ArrayList<SentFrame>();
    addFrames(frames, Delivery.of(read.topic(), event), read.seat());
    for (String feed : event.event().feeds()) {
      addFrames(frames, Delivery.of(feed, event), read.seat());
    }
    return List.copyOf(frames.subList(0, Math.min(frames.size(), FRAMES_MAX)));
  }

  private void addFrames(List<SentFrame> frames, Delivery delivery, String seat) {
    for (WirePreview wire : sources.wires()) {
      for (WirePreview.Frame frame : wire.frames(delivery, seat)) {
        frames.add(sent(wire, delivery.topic(), frame));
      }
    }
  }

  private static SentFrame sent(WirePreview wire, String topic, WirePreview.Frame frame) {
    String text = frame.text();
    return new SentFrame(
        wire.wire(),
        topic,
        frame.form(),
        text.length() <= FRAME_CHARS_MAX ? text : text.substring(0, FRAME_CHARS_MAX),
        text.getBytes(StandardCharsets.UTF_8).length);
  }

  /** Decides as for a client whose snapshot is read now. */
  private ResumeOutcome testResume(StreamQuery.TestResume test) {
    String topic = test.topic();
    if (StreamRights.isFeed(topic)) {
      return new ResumeOutcome(false, "no_positions", Position.START, 0, 0, List.of());
    }
    Position head = sources.streams().head(topic);
    var player = test.player();
    Recovery recovery =
        sources
            .fanOut()
            .testRecovery(
                topic,
                Position.ofClient(test.epoch(), test.offset()),
                head,
                event ->
                    player != null
                        && sources.wires().stream()
                            .anyMatch(wire -> wire.readmits(topic, event, player.value())))
            .await();
    long oldest = sources.streams().kept(topic, head.epoch(), clock.millis()).oldest();
    Position position = sources.fanOut().resumePosition(head);
    return switch (recovery) {
      case Recovery.Recovered(var missed, var upTo) ->
          new ResumeOutcome(
              true,
              "recovered",
              missed.isEmpty() ? position : upTo,
              oldest,
              missed.size(),
              resumed(missed, test.rights()));
      case Recovery.Reload(var reason) ->
          new ResumeOutcome(
              false, reason.name().toLowerCase(Locale.ROOT), position, oldest, 0, List.of());
    };
  }

  /** The frames with positions, as clients that resume get them. */
  private List<SentFrame> resumed(List<Delivery> missed, Set<Permission> rights) {
    var frames = new ArrayList<SentFrame>();
    var format = new EventFormat(rights);
    for (Delivery delivery : missed) {
      var event = delivery.posted().event();
      String type = sources.types().name(event);
      if (frames.size() >= FRAMES_MAX
          || format.hidden(type, sources.types().write(event), false) != null) {
        continue;
      }
      for (WirePreview wire : sources.wires()) {
        wire.frames(delivery, "").stream()
            .filter(WirePreview.Frame::hasPosition)
            .map(frame -> sent(wire, delivery.topic(), frame))
            .forEach(frames::add);
      }
    }
    return List.copyOf(frames.subList(0, Math.min(frames.size(), FRAMES_MAX)));
  }
}
