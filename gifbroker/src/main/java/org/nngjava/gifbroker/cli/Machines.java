package org.nngjava.gifbroker.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What runs on which machine, in YAML: {@code machines} has the roles of each by its name, and for each role its settings, which are options
 * without their dashes; a list of such stands for several of that role. {@code common} has settings for all roles that know them.
 */
final class Machines {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Map<String, List<Service>> machines = new LinkedHashMap<>();
    private final Function<String, Set<String>> known;
    private final Path path;

    /**
     * Something that runs on a machine.
     *
     * @param role a command, such as {@code worker}
     * @param settings its options without their dashes, and their values
     */
    record Service(String role, Map<String, String> settings) {}

    private Machines(Path path, Function<String, Set<String>> known) {
        this.path = path;
        this.known = known;
    }

    /**
     * Reads a file.
     *
     * @param known the settings that a role has; null if there is no such role
     * @throws IllegalArgumentException if it is no such file, with a sentence that says where and why
     */
    static Machines read(Path path, Function<String, Set<String>> known) throws IOException {
        JsonNode root;
        try (Reader reader = Files.newBufferedReader(path)) {
            root = YAML.readTree(reader);
        } catch (JacksonException e) {
            String line =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw new IllegalArgumentException(path + line + ": " + e.getOriginalMessage(), e);
        }
        Machines machines = new Machines(path, known);
        machines.read(root);
        return machines;
    }

    /** Their names. */
    Set<String> names() {
        return machines.keySet();
    }

    /** What runs on one of them. */
    List<Service> on(String machine) {
        return machines.get(machine);
    }

    private void read(JsonNode root) {
        require(
                root.isObject() && root.path("machines").isObject(),
                "",
                "it has 'machines', and there names of machines");
        root.propertyNames()
                .forEach(name -> require(
                        Set.of("common", "machines").contains(name), name, "it has 'common' and 'machines' only"));
        Map<String, String> common = root.has("common") ? settings(root.get("common"), "common") : Map.of();
        Set<String> used = new HashSet<>();
        root.get("machines").forEachEntry((machine, roles) -> {
            String place = "machines." + machine;
            require(roles.isObject(), place, "a machine has roles, such as 'worker'");
            List<Service> services = new ArrayList<>();
            roles.forEachEntry(
                    (role, settings) -> services.addAll(services(place + "." + role, role, settings, common, used)));
            machines.put(machine, services);
        });
        common.keySet()
                .forEach(name -> require(used.contains(name), "common." + name, "no role here has such a setting"));
    }

    private List<Service> services(
            String place, String role, JsonNode given, Map<String, String> common, Set<String> used) {
        Set<String> knows = known.apply(role);
        require(knows != null, place, "there is no such role");
        used.addAll(knows);
        List<JsonNode> each = given.isArray() ? given.valueStream().toList() : List.of(given);
        List<Service> services = new ArrayList<>();
        for (JsonNode one : each) {
            Map<String, String> own = one.isNull() ? Map.of() : settings(one, place);
            own.keySet()
                    .forEach(name -> require(
                            knows.contains(name),
                            place + "." + name,
                            role + " has no such setting: see gifbroker " + role + " --help"));
            Map<String, String> all = new LinkedHashMap<>(common);
            all.keySet().retainAll(knows);
            all.putAll(own);
            services.add(new Service(role, all));
        }
        return services;
    }

    private Map<String, String> settings(JsonNode node, String place) {
        require(node.isObject(), place, "settings are lines such as 'slots: 2'");
        Map<String, String> settings = new LinkedHashMap<>();
        node.forEachEntry((name, value) -> {
            List<JsonNode> values = value.isArray() ? value.valueStream().toList() : List.of(value);
            values.forEach(one -> require(
                    one.isValueNode() && !one.isNull(),
                    place + "." + name,
                    "a setting has a value, or a list of values"));
            settings.put(name, values.stream().map(JsonNode::asString).collect(Collectors.joining(",")));
        });
        return settings;
    }

    private void require(boolean condition, String place, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(path + (place.isEmpty() ? "" : ", " + place) + ": " + otherwise);
        }
    }
}
