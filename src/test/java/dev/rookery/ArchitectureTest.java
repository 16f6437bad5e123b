package dev.rookery;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.CacheMode;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.rookery.bus.Bus;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rules on the dependencies between packages and on the names of types. Each rule records the
 * reason of the decision that it enforces.
 */
@AnalyzeClasses(
    packages = "dev.rookery",
    importOptions = ImportOption.DoNotIncludeTests.class,
    // What it reads would be a burden to each garbage collection of the tests that follow.
    cacheMode = CacheMode.PER_CLASS)
final class ArchitectureTest {
  private static final String[] DOMAINS = {
    "dev.rookery.player..",
    "dev.rookery.auth..",
    "dev.rookery.notification..",
    "dev.rookery.presence..",
    "dev.rookery.friend..",
    "dev.rookery.group..",
    "dev.rookery.party..",
    "dev.rookery.lobby..",
    "dev.rookery.chat..",
    "dev.rookery.leaderboard..",
    "dev.rookery.achievement..",
    "dev.rookery.storage..",
    "dev.rookery.relay..",
    "dev.rookery.matchmaking..",
    "dev.rookery.match..",
    "dev.rookery.script..",
    "dev.rookery.account..",
    "dev.rookery.sample..",
    "dev.rookery.loadrun.."
  };

  /** By layer, which layers may use it; any may use those that are not named. */
  private static final Map<String, Set<String>> USERS_OF_LAYERS =
      Map.ofEntries(
          usedBy("matchmaking", "account protocol node"),
          usedBy("match", "account protocol node"),
          usedBy("script", "account protocol node"),
          usedBy("relay", "protocol node"),
          usedBy("account", "protocol node"),
          usedBy("leaderboard", "account protocol node"),
          usedBy("achievement", "account protocol node"),
          usedBy("storage", "account protocol node"),
          usedBy("chat", "account protocol node"),
          usedBy("lobby", "chat storage account matchmaking protocol node"),
          usedBy("party", "lobby chat account matchmaking protocol node"),
          usedBy("group", "party chat account protocol node"),
          usedBy("friend", "group party lobby chat leaderboard account protocol node"),
          usedBy("presence", "friend group party lobby chat account relay protocol node"),
          usedBy(
              "notification",
              "presence friend group party lobby chat achievement account protocol node"),
          usedBy(
              "auth", "notification presence friend group party lobby chat account protocol node"));

  private static final Set<String> LAYERS =
      Set.of(
          ("player auth notification presence friend group party lobby chat leaderboard achievement"
                  + " storage account relay matchmaking match script protocol node")
              .split(" "));

  private static Map.Entry<String, Set<String>> usedBy(String layer, String users) {
    return Map.entry(layer, Set.of(users.split(" ")));
  }

  // The layered architecture of the library says the same, and takes half a minute for it.
  @ArchTest
  static final ArchRule DOMAINS_HAVE_AN_ORDER =
      classes()
          .should(useOnlyLayersBelow())
          .because(
              "a later domain may use an earlier one and never the other way, so a domain can be"
                  + " understood without those built on it");

  private static ArchCondition<JavaClass> useOnlyLayersBelow() {
    return new ArchCondition<>("use only layers that are open to their own") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        String user = layer(type);
        if (!LAYERS.contains(user)) {
          return;
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          String used = layer(dependency.getTargetClass());
          if (!used.equals(user)
              && USERS_OF_LAYERS.containsKey(used)
              && !USERS_OF_LAYERS.get(used).contains(user)) {
            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
          }
        }
      }
    };
  }

  /** The first package below that of the product; empty for other classes. */
  private static String layer(JavaClass type) {
    String root = "dev.rookery.";
    String name = type.getPackageName();
    if (!name.startsWith(root)) {
      return "";
    }
    int end = name.indexOf('.', root.length());
    return name.substring(root.length(), end < 0 ? name.length() : end);
  }

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      SlicesRuleDefinition.slices()
          .matching("dev.rookery.(*)..")
          .should()
          .beFreeOfCycles()
          .because("packages that depend on each other are one package");

  @ArchTest
  static final ArchRule PROTOCOLS_DO_NOT_READ_THE_STORE =
      noClasses()
          .that()
          .resideInAPackage("dev.rookery.protocol..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.rookery.store..")
          .because("a read per follower turns one event into a thousand queries");

  @ArchTest
  static final ArchRule DOMAINS_DO_NOT_DEPEND_ON_PROTOCOLS =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAINS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.rookery.protocol..",
              "dev.rookery.edge..",
              "dev.rookery.fanout..",
              "dev.rookery.node..",
              "dev.rookery.config..",
              "io.vertx.ext.web..",
              "io.vertx.core.http..")
          .because(
              "all protocols share the same rules, and a protocol is a contract owned elsewhere");

  @ArchTest
  static final ArchRule EDGE_DEPENDS_ON_NEITHER_DOMAINS_NOR_PROTOCOLS =
      noClasses()
          .that()
          .resideInAPackage("dev.rookery.edge..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.rookery.protocol..")
                  .or(resideInAPackage("dev.rookery.store.."))
                  .or(resideInAnyPackage(DOMAINS)))
          .because("sockets and requests are the same for every protocol");

  @ArchTest
  static final ArchRule NOBODY_ASKS_THE_DRIVER_MANAGER =
      noClasses()
          .should()
          .dependOnClassesThat(type(DriverManager.class))
          .because(
              "it looks for drivers once, with the class loader of the thread that asks first,"
                  + " which may be that of an extension");

  @ArchTest
  static final ArchRule LUA_DEPENDS_ON_THE_JDK_ALONE =
      noClasses()
          .that()
          .resideInAPackage("dev.rookery.lua..")
          .should()
          .dependOnClassesThat(
              not(resideInAPackage("java.."))
                  .and(not(resideInAPackage("dev.rookery.lua..")))
                  .and(not(resideInAPackage("org.jspecify.."))))
          .because("hostile scripts reach only what is given to them");

  @ArchTest
  static final ArchRule BASE_DEPENDS_ON_THE_JDK_ALONE =
      noClasses()
          .that()
          .resideInAPackage("dev.rookery.base..")
          .should()
          .dependOnClassesThat(
              not(resideInAPackage("java.."))
                  .and(not(resideInAPackage("dev.rookery.base..")))
                  .and(not(resideInAPackage("org.jspecify.."))))
          .because("everything else builds on it");

  @ArchTest
  static final ArchRule KEYSPACE_DEPENDS_ON_THE_JDK_AND_BASE_ALONE =
      noClasses()
          .that()
          .resideInAPackage("dev.rookery.keyspace..")
          .should()
          .dependOnClassesThat(
              not(resideInAPackage("java.."))
                  .and(not(resideInAPackage("dev.rookery.keyspace..")))
                  .and(not(resideInAPackage("dev.rookery.base..")))
                  .and(not(resideInAPackage("org.jspecify.."))))
          .because("it is a store in memory that knows neither its owner nor a clock");

  @ArchTest
  static final ArchRule NATIVE_WEBRTC_IS_IN_ONE_PACKAGE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.rookery.webrtc..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.onvoid..")
          .because("the library is optional, and may be replaced");

  @ArchTest
  static final ArchRule INFRASTRUCTURE_DOES_NOT_DEPEND_ON_DOMAINS =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.rookery.store..",
              "dev.rookery.bus..",
              "dev.rookery.allocation..",
              "dev.rookery.provider..",
              "dev.rookery.webrtc..",
              "dev.rookery.cluster..",
              "dev.rookery.lease..",
              "dev.rookery.consumer..",
              "dev.rookery.session..",
              "dev.rookery.console..",
              "dev.rookery.fanout..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(DOMAINS)
          .because("they serve domains that do not exist yet");

  @ArchTest
  static final ArchRule EXTENSIONS_SEE_NOTHING_OF_THE_SERVER =
      classes()
          .that()
          .resideInAPackage("dev.rookery.extension..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.rookery.extension..",
              "java..",
              "io.vertx.core..",
              "io.vertx.sqlclient..",
              "io.micrometer.core..",
              "com.fasterxml.jackson..",
              "org.slf4j..",
              "org.jspecify..")
          .because(
              "it is compiled against by others, and ships as a jar of its own; what it shows"
                  + " cannot change any more");

  @ArchTest
  static final ArchRule THE_PLATFORM_HAS_COMMANDS_ALONE =
      noClasses()
          .that()
          .resideInAPackage("dev.rookery.extensionplatform..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "dev.rookery.store..", "dev.rookery.protocol..", "io.vertx.sqlclient..")
                  .and(not(type(Transaction.class)))
                  .and(not(type(Database.class))))
          .because(
              "what extensions change follows the rules that clients follow, written once; a"
                  + " transaction is only for the positions of their hooks, and for the entry of"
                  + " the admin who moves them");

  @ArchTest
  static final ArchRule NOTHING_USES_NODE =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.rookery.node..", "dev.rookery")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.rookery.node..")
          .because("composition is read top to bottom in one place");

  @ArchTest
  static final ArchRule ONLY_STORES_SEE_SQL =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAINS)
          .and(not(simpleNameEndingWith("Store")))
          .and(not(simpleNameEndingWith("Verticle")))
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("dev.rookery.store.Row")
          .because("what a table holds is found in one file of the domain");

  @ArchTest
  static final ArchRule STORES_ARE_PRIVATE =
      classes()
          .that()
          .resideInAnyPackage(DOMAINS)
          .and()
          .haveSimpleNameEndingWith("Store")
          .should()
          .bePackagePrivate()
          .because("a domain is reached through its messages and its transactional port alone");

  @ArchTest
  static final ArchRule ONLY_BUS_USES_THE_EVENT_BUS =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.rookery.bus..", "dev.rookery.node..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx.core.eventbus..")
          .because("addresses are few and fixed, and what crosses nodes is known records only");

  @ArchTest
  static final ArchRule ADMIN_ROUTES_SEND_COMMANDS_BY_THEIR_REQUEST =
      noClasses()
          .that()
          .haveNameMatching("dev.rookery.protocol.gamend.Admin\\w+Routes")
          .and()
          .doNotHaveSimpleName("AdminBulkRoutes")
          .and()
          .doNotHaveSimpleName("AdminListRoutes")
          .should()
          .dependOnClassesThat(type(Bus.class))
          .because(
              "what an admin changes is written to the audit log in the same transaction; jobs and"
                  + " downloads write their entries themselves");

  @ArchTest
  static final ArchRule EVENT_LOOP_CODE_NEVER_AWAITS =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.rookery.edge..",
              "dev.rookery.fanout..",
              "dev.rookery.bus..",
              "dev.rookery.protocol..")
          .should()
          .callMethod(Future.class, "await")
          .because("they run on event loops, which never block");

  @ArchTest
  static final ArchRule CLOCK_AND_IDS_ARE_INJECTED =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.rookery.node..", "dev.rookery")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .because("tests move the clock and choose the ids");

  @ArchTest
  static final ArchRule VERTICLES_EXTEND_VERTICLE_BASE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.vertx.core.AbstractVerticle")
          .because(VerticleBase.class.getSimpleName() + " reports when it has started");

  @ArchTest
  static final ArchRule NO_MEANINGLESS_NAMES =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameStartingWith("Abstract")
          .because("a name says what a type is in the field's own words");

  /**
   * Words that nobody searches for. A type's name contains none of them, neither alone nor as one
   * of its words.
   */
  private static final Set<String> BANNED_WORDS =
      Set.of(
          ("Alterations Attendance Came Courtesy Door Doors Doorway Duties Duty "
                  + "Elsewhere Entrance Entrances Exits Given Glance Heir Heirs Held Holder "
                  + "Leaver Leavers Leaving Letter Letters Lookout Misfit Once Openings Paper "
                  + "Pieces Posting Readings Remains Said Say Seal Sentence Sentences Sighting "
                  + "Sightings Sitter Sitting Stay Talk Ties Together Turns Unconvinced Upkeep "
                  + "Visit Vouch Vouched Waiting Watching Whereto Whoever Whose Wish")
              .split(" "));

  /** Words that are fine within a name but say too little alone. */
  private static final Set<String> BANNED_ALONE =
      Set.of("Accepts", "Following", "Front", "Line", "Live", "Pace", "Post", "Recent", "Self");

  /**
   * A newcomer finds things by name: an email queue, a failure detector, a cluster singleton are
   * found under the words that everybody types into a search box. Also those of tests; only the
   * names of the files are read.
   */
  @ArchTest
  static void typeNamesUseStandardTerms(JavaClasses main) throws Exception {
    var names = new TreeSet<>(typeNames(Main.class));
    names.addAll(typeNames(ArchitectureTest.class));
    assertThat(names.size()).isGreaterThan(main.size());
    assertThat(names.stream().filter(ArchitectureTest::isNoStandardTerm)).isEmpty();
  }

  /** The binary names, without packages, of the types compiled to the same folder as one. */
  private static Set<String> typeNames(Class<?> one) throws Exception {
    Path folder = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(folder.resolve("dev/rookery"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".class"))
          .map(file -> file.substring(0, file.length() - ".class".length()))
          .collect(Collectors.toSet());
    }
  }

  private static boolean isNoStandardTerm(String binaryName) {
    // Without the types around it, and without the number of a local one.
    String name = binaryName.substring(binaryName.lastIndexOf('$') + 1).replaceFirst("^\\d+", "");
    return BANNED_ALONE.contains(name)
        || Arrays.stream(name.split("(?=\\p{Lu})")).anyMatch(BANNED_WORDS::contains);
  }

  @ArchTest
  static final ArchRule NO_SLEEPS =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", java.time.Duration.class)
          .because("code waits for an event or a deadline");

  @ArchTest
  static final ArchRule NO_PRINTING =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.rookery.node..", "dev.rookery.loadtest..", "dev.rookery")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .because("logs have a request id and a level");

  private ArchitectureTest() {}
}
