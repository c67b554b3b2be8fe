/**
 * What the Prometheus JMX agent makes metrics of: the beans that tell how a broker does (docs "Monitoring" of Kafka 4.1;
 * names of the beans from ReplicaManager, KafkaController and RequestChannel).
 */
export const jmxRules = `lowercaseOutputName: true
includeObjectNames:
  - kafka.server:type=ReplicaManager,name=*
  - kafka.controller:type=KafkaController,name=*
  - kafka.server:type=BrokerTopicMetrics,name=*
  - kafka.network:type=RequestMetrics,name=TotalTimeMs,request=*
  - kafka.log:type=LogManager,name=*
  - java.lang:type=Memory
rules:
  - pattern: kafka.(\\w+)<type=(.+), name=(.+), request=(.+)><>(Mean|99thPercentile|Count)
    name: kafka_$1_$2_$3_$5
    labels: { request: "$4" }
  - pattern: kafka.(\\w+)<type=(.+), name=(.+), topic=(.+)><>Count
    name: kafka_$1_$2_$3_total
    type: COUNTER
    labels: { topic: "$4" }
  - pattern: kafka.(\\w+)<type=(.+), name=(.+)><>Count
    name: kafka_$1_$2_$3_total
    type: COUNTER
  - pattern: kafka.(\\w+)<type=(.+), name=(.+)><>Value
    name: kafka_$1_$2_$3
    type: GAUGE
  - pattern: java.lang<type=Memory><HeapMemoryUsage>(\\w+)
    name: jvm_heap_$1_bytes
    type: GAUGE
`;
