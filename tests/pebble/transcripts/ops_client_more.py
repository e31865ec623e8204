# What ops_client.py leaves out: it goes on behind that script's definitions, on a fresh daemon. The expected output is
# that of the same Pebble; to a path that it does not know it sometimes answers before it has read what it was sent, and
# the client then tells of a broken pipe, which is not what is kept here.
client.make_dir(R, make_parents=True)
me = client.list_files(R, itself=True)[0]
OWN.update({('user_id', me.user_id): '<uid>', ('user', me.user): '<user>', ('group_id', me.group_id): '<gid>', ('group', me.group): '<group>'})


def change_error(name, *a, **k):
    """The message of a ChangeError without its logs."""
    def go():
        try:
            return getattr(client, name)(*a, **k)
        except pebble.ChangeError as e:
            return [type(e).__name__, e.err, e.change.kind, e.change.status, [(x.summary, x.status) for x in e.change.tasks]]
    return call(f'{name} {a}', go)


elsewhere = pebble.Client(socket_path='/no/such/socket')
call('a socket that is not there', elsewhere.get_system_info)
c('ack_warnings', datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc))
c('get_warnings', select=pebble.WarningState.ALL)

c('add_layer', 'base', {'services': {
    'bad': {'override': 'replace', 'command': 'sh -c "echo broken; exit 3"', 'on-failure': 'ignore', 'startup': 'enabled'},
    'good': {'override': 'replace', 'command': 'sleep 1000'},
    'alone': {'override': 'replace', 'command': 'sleep 1001'}},
    'checks': {'up': {'override': 'replace', 'startup': 'disabled', 'period': '1h', 'exec': {'command': 'true'}}}})
c('add_layer', '', 'summary: no label')
c('add_layer', 'typed', 7)
change_error('autostart_services')
change_error('replan_services')
change_error('restart_services', ['bad', 'good'])
change_error('start_services', ['bad'], timeout=0)
change_error('start_services', ['good'])
change_error('stop_services', ['good', 'alone'])
change_error('stop_services', ['good'], timeout=0)
call('start_services of none', client.start_services, [])
call('stop_services of a text', client.stop_services, 'good')
call('stop_services of one that is not there', client.stop_services, ['nope'])
call('restart_services of one that is not there', client.restart_services, ['nope'])
call('a start that takes longer than it may', client.start_services, ['alone'], timeout=0.1)
call('get_changes of a service', lambda: sorted((x.kind, x.summary) for x in client.get_changes(select=pebble.ChangeState.ALL, service='alone')))
call('get_changes in progress', lambda: len(client.get_changes()) > 0)


def aborted():
    cid = client.start_services(['good'], timeout=0)
    change = client.abort_change(cid)
    return [change.status, change.ready, client.wait_change(cid, timeout=5).status]


call('abort_change of a start', aborted)
c('wait_change', pebble.ChangeID('999'))

c('start_checks', ['nope'])
c('stop_checks', [])
c('get_checks', names=['up'])

c('pull', 'relative')
c('pull', f'{R}/../none')
c('push', 'relative', 'x')
c('make_dir', f'{R}/sub')
c('push', f'{R}/sub', 'x')
c('push', f'{R}/f', 'x', user_id=me.user_id, group_id=me.group_id)
c('push', f'{R}/g', 'x', group='no-such-group')
c('push', f'{R}/g', 'x', user_id=me.user_id, user='no-such-user')
c('push', f'{R}/latin', 'é', encoding='latin-1')
pull(f'{R}/latin', encoding='latin-1')
pull(f'{R}/latin')
call('push bytes of a file', lambda: client.push(f'{R}/raw', io.BytesIO(b'\x00\x01')))
pull(f'{R}/raw', encoding=None)
c('push', f'{R}/f/below', 'x', make_dirs=True)
c('list_files', f'{R}/f')
c('list_files', R, pattern='[')
c('list_files', R, itself=True)
c('make_dir', 'relative')
c('make_dir', f'{R}/f')
c('make_dir', f'{R}/f/below', make_parents=True)
c('make_dir', f'{R}/d', user='no-such-user')
c('make_dir', f'{R}/d', permissions=0o17777)
c('remove_path', 'relative')
c('remove_path', f'{R}/f/below')
c('remove_path', R)


def execs(name, work):
    return call(f'exec: {name}', work)


execs('wait_output of what goes elsewhere', lambda: client.exec(['true'], stdout=io.StringIO()).wait_output())
execs('no command', lambda: client.exec([]))
execs('a text for a command', lambda: client.exec('true'))
execs('a time-out below zero', lambda: client.exec(['true'], timeout=-1))


def to_files():
    o, e = io.StringIO(), io.StringIO()
    client.exec(['sh', '-c', 'echo out; echo err >&2'], stdin=io.StringIO(''), stdout=o, stderr=e).wait()
    return [o.getvalue(), e.getvalue()]


execs('to files', to_files)
execs('a time-out, waited for', lambda: client.exec(['sleep', '10'], timeout=0.3).wait())
execs('a working folder that is not there', lambda: client.exec(['true'], working_dir='/no/such/dir').wait())
execs('a user by id', lambda: client.exec(['true'], user_id=me.user_id, group_id=me.group_id).wait())
execs('a group without a user', lambda: client.exec(['true'], group_id=me.group_id).wait())


def by_number():
    p = client.exec(['sleep', '100'])
    time.sleep(0.3)
    p.send_signal(9)
    return p.wait_output()


execs('a signal by its number', by_number)
c('send_signal', 1, ['alone'])
c('send_signal', 'SIGHUP', [])
c('send_signal', 'SIGHUP', 'alone')
c('send_signal', 'SIGHUP', ['good', 'nope'])

c('notify', pebble.NoticeType.CUSTOM, 'example.com/' + 'x' * 300)
c('notify', pebble.NoticeType.CUSTOM, 'example.com/two', data={'k': 'v' * 5000})
c('notify', pebble.NoticeType.CUSTOM, 'example.com/two', repeat_after=datetime.timedelta(seconds=-1))
c('get_notices', user_id=0, users=pebble.NoticesUsers.ALL)
call('get_notices of changes', lambda: sorted({n.type.value for n in client.get_notices(types=[pebble.NoticeType.CHANGE_UPDATE])}))
call('get_notices of a user', lambda: len(client.get_notices(user_id=4711, keys=['example.com/two'])))

c('replace_identities', {'bob': {'access': 'nobody', 'local': {'user-id': 1}}})
c('replace_identities', {'bob': {'access': 'read'}})
c('replace_identities', {'amy': pebble.Identity(pebble.IdentityAccess.ADMIN, basic=pebble.BasicIdentity(password='not a hash'))})
c('replace_identities', {'bob': None})
c('remove_identities', set())
c('get_identities')

json.dump(out, sys.stdout, indent=1, ensure_ascii=False, sort_keys=False)
print()
