"""Makes the subscriptions of pubsub_orders.py in the emulator, and publishes 30 orders and 12 notes.

Orders are ten seconds apart in event time, from the given one (seconds), which their attribute `at` tells.
"""

import datetime
import sys

from google.api_core.exceptions import AlreadyExists
from google.cloud import pubsub

publisher = pubsub.PublisherClient()
subscriber = pubsub.SubscriberClient()
for name in ('orders', 'notes'):
    topic = publisher.topic_path('rewind-test', name)
    try:
        publisher.create_topic(name=topic)
        subscriber.create_subscription(name=subscriber.subscription_path('rewind-test', name), topic=topic)
    except AlreadyExists:
        pass

start = int(sys.argv[1])
sent = []
for number in range(30):
    seconds = start + 10 * number
    at = str(seconds * 1000)
    if number % 2:  # both forms that Beam understands
        at = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
    sent.append(publisher.publish(publisher.topic_path('rewind-test', 'orders'), str(number).encode(), at=at))
for number in range(12):
    note = f'note {number}'.encode()
    sent.append(publisher.publish(publisher.topic_path('rewind-test', 'notes'), note, **{'from': f'sender-{number % 3}'}))
for message in sent:
    message.result()
